/** Rules about what code may reach for: the console, clocks, the network, packages. */
import { isSource, repositoryPath } from "./path.ts";

/** Output belongs to the commands; everything else logs. */
export const noConsole: Deno.lint.Rule = {
  create(context) {
    const path = repositoryPath(context.filename);
    if (!isSource(path) || path.startsWith("src/commands/")) return {};
    return {
      MemberExpression(node) {
        if (!isIdentifier(node.object, "console")) return;
        context.report({ node, message: "Only src/commands/ writes to the console: use a logger" });
      },
    };
  },
};

const TIMED_MEMBERS = new Set(["Date.now", "Math.random", "performance.now"]);
const TIMERS = new Set(["setTimeout", "setInterval"]);

/** Time and chance come in as parameters, so that tests can drive them. */
export const injectedTime: Deno.lint.Rule = {
  create(context) {
    const path = repositoryPath(context.filename);
    if (!isSource(path) || path.startsWith("src/ops/")) return {};
    function report(node: Deno.lint.Node, what: string): void {
      const message = `${what} is for src/ops/ only: take a Clock or a Random as parameter`;
      context.report({ node, message });
    }
    return {
      MemberExpression(node) {
        if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
        const name = `${node.object.name}.${node.property.name}`;
        if (TIMED_MEMBERS.has(name)) report(node, name);
        else if (node.object.name === "globalThis" && TIMERS.has(node.property.name)) {
          report(node, name);
        }
      },
      NewExpression(node) {
        if (isIdentifier(node.callee, "Date") && node.arguments.length === 0) {
          report(node, "new Date()");
        }
      },
      CallExpression(node) {
        if (node.callee.type !== "Identifier") return;
        if (TIMERS.has(node.callee.name)) report(node, node.callee.name);
      },
    };
  },
};

/** The network is reached in src/kube/ alone; elsewhere fetch is a parameter. */
export const noBareFetch: Deno.lint.Rule = {
  create(context) {
    const path = repositoryPath(context.filename);
    if (!isSource(path) || path.startsWith("src/kube/")) return {};
    const message = "The global fetch is for src/kube/ only: take a fetch as parameter";
    const calls: Deno.lint.Node[] = [];
    let isDeclared = false;
    function declare({ params }: { readonly params: readonly Deno.lint.Parameter[] }): void {
      isDeclared ||= params.some(declaresFetch);
    }
    return {
      CallExpression(node) {
        if (isIdentifier(node.callee, "fetch")) calls.push(node);
        const isGlobal = node.callee.type === "MemberExpression" &&
          isIdentifier(node.callee.object, "globalThis") &&
          isIdentifier(node.callee.property, "fetch");
        if (isGlobal) context.report({ node, message });
      },
      FunctionDeclaration: declare,
      FunctionExpression: declare,
      ArrowFunctionExpression: declare,
      VariableDeclarator({ id }) {
        isDeclared ||= declaresFetch(id);
      },
      "Program:exit"() {
        if (isDeclared) return;
        for (const node of calls) context.report({ node, message });
      },
    };
  },
};

/** Packages whose names may appear in one file only. */
export const packageHomes: Deno.lint.Rule = {
  create(context) {
    const path = repositoryPath(context.filename);
    if (!isSource(path)) return {};
    return {
      ImportDeclaration(node) {
        const name = node.source.value;
        if (name === "@logtape/logtape" && path !== "src/ops/log.ts") {
          context.report({ node, message: "Only src/ops/log.ts imports @logtape/logtape" });
        }
        if (name !== "@kubernetes/client-node" || node.importKind === "type") return;
        context.report({
          node,
          message: "Import @kubernetes/client-node by import type: loading it takes 300 ms",
        });
      },
      ImportExpression(node) {
        const isClient = node.source.type === "Literal" &&
          node.source.value === "@kubernetes/client-node";
        if (!isClient || path === "src/kube/kubeconfig.ts") return;
        context.report({ node, message: "Only src/kube/kubeconfig.ts loads the client" });
      },
    };
  },
};

/** Whether a parameter or variable, or a part of it, is called "fetch". */
function declaresFetch(pattern: Deno.lint.Node | Deno.lint.Parameter): boolean {
  if (pattern.type === "AssignmentPattern") return declaresFetch(pattern.left);
  if (pattern.type === "Identifier") return pattern.name === "fetch";
  if (pattern.type !== "ObjectPattern") return false;
  return pattern.properties.some((property) =>
    property.type === "Property" && declaresFetch(property.value)
  );
}

function isIdentifier(node: Deno.lint.Node | null | undefined, name: string): boolean {
  return node?.type === "Identifier" && node.name === name;
}
