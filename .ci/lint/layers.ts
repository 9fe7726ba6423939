/** Lint plugin: imports follow the layers. */
import { objectionTo } from "./layer_table.ts";
import { importedPath, repositoryPath } from "./path.ts";

function create(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const from = repositoryPath(context.filename);
  function check(source: Deno.lint.Node | null | undefined): void {
    if (source?.type !== "Literal" || typeof source.value !== "string") return;
    const to = importedPath(from, source.value);
    const message = to === undefined ? undefined : objectionTo(from, to);
    if (message !== undefined) context.report({ node: source, message });
  }
  return {
    ImportDeclaration: (node) => check(node.source),
    ImportExpression: (node) => check(node.source),
    ExportAllDeclaration: (node) => check(node.source),
    ExportNamedDeclaration: (node) => check(node.source),
  };
}

const plugin: Deno.lint.Plugin = { name: "layers", rules: { imports: { create } } };

export default plugin;
