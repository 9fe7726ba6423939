/** Lint plugin: the house rules. */
import { injectedTime, noBareFetch, noConsole, packageHomes } from "./rules_environment.ts";
import { errorMessage } from "./rules_messages.ts";
import {
  documentedExports,
  fewParameters,
  functionDeclarations,
  namedExports,
  shortFunctions,
} from "./rules_shape.ts";

const plugin: Deno.lint.Plugin = {
  name: "house",
  rules: {
    "no-console": noConsole,
    "injected-time": injectedTime,
    "no-bare-fetch": noBareFetch,
    "package-homes": packageHomes,
    "named-exports": namedExports,
    "function-declarations": functionDeclarations,
    "documented-exports": documentedExports,
    "few-parameters": fewParameters,
    "short-functions": shortFunctions,
    "error-message": errorMessage,
  },
};

export default plugin;
