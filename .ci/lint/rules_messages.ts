/** Rule about what errors say: runtime.md S10, after Deno std's `error-message`. */
import { isSource, repositoryPath } from "./path.ts";

const CONTRACTION =
  /\b(?:\w+n['’]t|(?:it|that|there|what|who|he|she|let)['’]s|\w+['’](?:re|ve|ll)|I['’]m)\b/i;

/** Faults of a message, of which only the beginning and the end may be known. */
function faultsOf(
  text: string,
  { isStartKnown, isEndKnown }: { readonly isStartKnown: boolean; readonly isEndKnown: boolean },
): readonly string[] {
  const faults: string[] = [];
  if (isStartKnown && /^\p{Ll}/u.test(text)) faults.push("begin with a capital");
  if (isEndKnown && /\.$/.test(text)) faults.push("end without a period");
  const contraction = CONTRACTION.exec(text)?.[0];
  if (contraction !== undefined) faults.push(`have no contraction such as "${contraction}"`);
  return faults;
}

function faultsOfNode(node: Deno.lint.Node | undefined): readonly string[] {
  if (node?.type === "Literal" && typeof node.value === "string") {
    return faultsOf(node.value, { isStartKnown: true, isEndKnown: true });
  }
  if (node?.type !== "TemplateLiteral") return [];
  const texts = node.quasis.map((quasi) => quasi.cooked ?? quasi.raw);
  return faultsOf(texts.join("…"), { isStartKnown: texts[0] !== "", isEndKnown: true });
}

/** An error's message: capital first, no period at the end, no contraction. */
export const errorMessage: Deno.lint.Rule = {
  create(context) {
    if (!isSource(repositoryPath(context.filename))) return {};
    return {
      NewExpression(node) {
        if (node.callee.type !== "Identifier" || !node.callee.name.endsWith("Error")) return;
        const [message] = node.arguments;
        const faults = faultsOfNode(message);
        if (message === undefined || faults.length === 0) return;
        context.report({
          node: message,
          message: `An error's message should ${faults.join(" and ")}`,
          hint: 'Such as: Cannot parse duration: received "5 minutes"',
        });
      },
    };
  },
};
