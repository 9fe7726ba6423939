/** Turns a CustomResourceDefinition into served resources. */

import { withTypeMeta } from "./builtin_schemas.ts";
import type { JsonObject } from "./json.ts";
import { isObject, listOr, objectOr, stringOr, valueAt } from "./json.ts";
import { AGE_COLUMN, NAME_COLUMN } from "./printer_columns.ts";
import type { PrinterColumn, ResourceType, Schema } from "./resource_type.ts";

function columnsOf(version: JsonObject): PrinterColumn[] {
  const declared = listOr(version["additionalPrinterColumns"]).map((item): PrinterColumn => {
    const column = objectOr(item);
    return {
      name: stringOr(column["name"]),
      type: stringOr(column["type"], "string"),
      format: stringOr(column["format"]),
      description: stringOr(column["description"]) ||
        `Custom resource definition column (in JSONPath format): ${stringOr(column["jsonPath"])}`,
      priority: typeof column["priority"] === "number" ? column["priority"] : 0,
      cell: stringOr(column["jsonPath"]),
    };
  });
  return declared.length === 0 ? [NAME_COLUMN, AGE_COLUMN] : [NAME_COLUMN, ...declared];
}

function strings(value: JsonObject[string] | undefined): string[] {
  return listOr(value).map((item) => stringOr(item));
}

/** Name of the collection that holds the objects of a definition. */
export function storageOf(definition: JsonObject): string {
  const spec = objectOr(definition["spec"]);
  return `${stringOr(spec["group"])}/${stringOr(valueAt(spec, "names.plural"))}`;
}

/** One resource per served version. */
export function customTypes(definition: JsonObject): ResourceType[] {
  const spec = objectOr(definition["spec"]);
  const names = objectOr(spec["names"]);
  const group = stringOr(spec["group"]);
  const versions = listOr(spec["versions"]).map(objectOr);
  const stored = versions.find((version) => version["storage"] === true);
  return versions.filter((version) => version["served"] === true).map((version): ResourceType => ({
    group,
    version: stringOr(version["name"]),
    plural: stringOr(names["plural"]),
    singular: stringOr(names["singular"]),
    kind: stringOr(names["kind"]),
    listKind: stringOr(names["listKind"]),
    shortNames: strings(names["shortNames"]),
    categories: strings(names["categories"]),
    namespaced: spec["scope"] === "Namespaced",
    storage: storageOf(definition),
    storageApiVersion: `${group}/${stringOr(stored?.["name"])}`,
    custom: true,
    hasStatus: isObject(valueAt(version, "subresources.status")),
    hasGeneration: true,
    allowsUnconditionalUpdate: false,
    allowsCreateOnUpdate: false,
    schema: withTypeMeta(valueAt(version, "schema.openAPIV3Schema") as unknown as Schema),
    columns: columnsOf(version),
    selectableFields: listOr(version["selectableFields"])
      .map((field) => stringOr(objectOr(field)["jsonPath"]).replace(/^\./, "")),
  }));
}
