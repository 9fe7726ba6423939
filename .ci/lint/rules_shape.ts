/** Rules about the shape of code: exports, functions, documentation. */
import { isSource, repositoryPath } from "./path.ts";

const MAX_POSITIONAL_PARAMETERS = 2;
const MAX_FUNCTION_LINES = 60;

/** The plugins themselves are default exports: Deno asks for that. */
const LINT_PLUGIN = /^\.ci\/lint\/(layers|house)\.ts$/;

/** A name is the same wherever it is imported. */
export const namedExports: Deno.lint.Rule = {
  create(context) {
    if (LINT_PLUGIN.test(repositoryPath(context.filename))) return {};
    const message = "Export by name";
    return {
      ExportDefaultDeclaration: (node) => context.report({ node, message }),
      ExportSpecifier(node) {
        const isDefault = node.exported.type === "Identifier" && node.exported.name === "default";
        if (isDefault) context.report({ node, message });
      },
    };
  },
};

/** A function at the top level is a function declaration. */
export const functionDeclarations: Deno.lint.Rule = {
  create(context) {
    function check(node: Deno.lint.Node | null | undefined): void {
      if (node?.type !== "VariableDeclaration") return;
      for (const { id, init } of node.declarations) {
        const isFunction = init?.type === "ArrowFunctionExpression" ||
          init?.type === "FunctionExpression";
        if (isFunction) {
          context.report({ node: id, message: "Write a function declaration at the top level" });
        }
      }
    }
    return {
      Program(program) {
        for (const statement of program.body) {
          const isExport = statement.type === "ExportNamedDeclaration";
          check(isExport ? statement.declaration : statement);
        }
      },
    };
  },
};

const DOCUMENTED = new Set([
  "FunctionDeclaration",
  "TSDeclareFunction",
  "ClassDeclaration",
  "TSInterfaceDeclaration",
]);

/** What a file offers to others says what it promises. */
export const documentedExports: Deno.lint.Rule = {
  create(context) {
    if (!isSource(repositoryPath(context.filename))) return {};
    const comments = context.sourceCode.getAllComments();
    return {
      ExportNamedDeclaration(node) {
        const { declaration } = node;
        if (declaration === null || !DOCUMENTED.has(declaration.type)) return;
        const hasDocstring = comments.some((comment) =>
          comment.type === "Block" && comment.value.startsWith("*") &&
          comment.range[1] <= node.range[0] && isGap(context, comment.range[1], node.range[0])
        );
        if (hasDocstring) return;
        const name = "id" in declaration && declaration.id?.type === "Identifier"
          ? declaration.id.name
          : "It";
        context.report({
          node,
          message: `${name} is exported: say in a docstring what it promises`,
        });
      },
    };
  },
};

/** Whether nothing but white space, line comments and decorators stands between. */
function isGap(context: Deno.lint.RuleContext, start: number, end: number): boolean {
  return /^(\s|\/\/[^\n]*\n)*$/.test(context.sourceCode.text.slice(start, end));
}

/**
 * From the third parameter on nobody knows at the call which is which; the third may be an
 * object, whose fields have names: a destructured one, one whose type is written out, or one whose
 * type is called Options, Context or Facts.
 */
export const fewParameters: Deno.lint.Rule = {
  create(context) {
    if (!isSource(repositoryPath(context.filename))) return {};
    return {
      "ExportNamedDeclaration > FunctionDeclaration"(node: Deno.lint.FunctionDeclaration) {
        const parameters = node.params.filter((parameter) =>
          !(parameter.type === "Identifier" && parameter.name === "this")
        );
        const last = parameters.at(-1);
        const positional = parameters.length - (last !== undefined && isOptions(last) ? 1 : 0);
        if (positional <= MAX_POSITIONAL_PARAMETERS) return;
        const message =
          `Take at most ${MAX_POSITIONAL_PARAMETERS} parameters: the others as options`;
        context.report({ node: node.id ?? node, message });
      },
    };
  },
};

function isOptions(parameter: Deno.lint.Parameter): boolean {
  if (parameter.type === "AssignmentPattern") return isOptions(parameter.left);
  if (parameter.type === "ObjectPattern") return true;
  if (parameter.type !== "Identifier") return false;
  const type = parameter.typeAnnotation?.typeAnnotation;
  if (type?.type === "TSTypeLiteral") return true;
  return type?.type === "TSTypeReference" && type.typeName.type === "Identifier" &&
    /(Options|Context|Facts)$/.test(type.typeName.name);
}

/** A function fits on one screen. */
export const shortFunctions: Deno.lint.Rule = {
  create(context) {
    if (!isSource(repositoryPath(context.filename))) return {};
    function check(node: Deno.lint.Node): void {
      const lines = context.sourceCode.text.slice(...node.range).split("\n").length;
      if (lines <= MAX_FUNCTION_LINES) return;
      const range: Deno.lint.Range = [node.range[0], node.range[0] + 1];
      const message = `This function has ${lines} lines: at most ${MAX_FUNCTION_LINES}`;
      context.report({ range, message });
    }
    return {
      FunctionDeclaration: check,
      FunctionExpression: check,
      ArrowFunctionExpression: check,
    };
  },
};
