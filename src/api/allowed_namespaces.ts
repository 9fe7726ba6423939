/**
 * `allowedNamespaces`: by this grant the owner of an object says which other namespaces may refer
 * to it (the form of Gateway API's allowedRoutes, GEP-1426).
 */
import { z } from "zod";
import { rules, type SpecOf, text } from "./schema.ts";

const namespaceItem = z.string().max(63).regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
  .describe("Name of a namespace.");

const requirement = z.object({
  key: text("Key of the label.", 317),
  operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"])
    .describe("How the label is compared: In, NotIn, Exists or DoesNotExist."),
  values: z.array(text("Value of the label.", 63)).max(100)
    .meta({
      description: "Values for In and NotIn; must be left out for Exists and DoesNotExist.",
      "x-kubernetes-list-type": "atomic",
    })
    .exactOptional(),
}).meta({
  description: "One requirement that the labels must meet.",
  ...rules({
    rule: "self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : " +
      "!has(self.values) || size(self.values) == 0",
    message: "values is needed with the operators In and NotIn, and must be left out with " +
      "Exists and DoesNotExist",
  }),
});

/** Label selector with the semantics of Kubernetes' own: all requirements must hold. */
const labelSelectorSchema = z.object({
  matchLabels: z.record(z.string(), text("Value of the label.", 63))
    .meta({
      description: "Labels that the namespace must have, with exactly these values.",
      maxProperties: 50,
    })
    .exactOptional(),
  matchExpressions: z.array(requirement).max(50)
    .meta({
      description: "Requirements that the labels of the namespace must meet, all of them.",
      "x-kubernetes-list-type": "atomic",
    })
    .exactOptional(),
});

/** The grant; absent means the own namespace only. */
export const allowedNamespacesSchema = z.object({
  from: z.enum(["Same", "All", "Selector"])
    .describe(
      "Same: only the namespace of this object. All: every namespace. Selector: the namespaces " +
        "that selector matches, and the own. Default: Same.",
    )
    .default("Same"),
  names: z.array(namespaceItem).max(100)
    .meta({
      description: "Namespaces allowed in addition to those of from, by name.",
      "x-kubernetes-list-type": "set",
    })
    .exactOptional(),
  selector: labelSelectorSchema
    .describe("Which namespaces are allowed, by their labels; only with from: Selector.")
    .exactOptional(),
});

/** CEL rule that belongs to the field which holds {@link allowedNamespacesSchema}. */
export const allowedNamespacesRule = {
  rule: "(self.from == 'Selector') == has(self.selector)",
  message: "selector is needed with from: Selector, and must be left out with any other from",
} as const;

/** Parsed selector. */
export type LabelSelector = SpecOf<typeof labelSelectorSchema>;
