/** Columns that kinds share. */

import type { PrinterColumn } from "./resource_type.ts";

/** The name, first column of every table. */
export const NAME_COLUMN: PrinterColumn = {
  name: "Name",
  type: "string",
  format: "name",
  description:
    "Name must be unique within a namespace. Is required when creating resources, although " +
    "some resources may allow a client to request the generation of an appropriate name " +
    "automatically. Name is primarily intended for creation idempotence and configuration " +
    "definition. Cannot be updated. More info: " +
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
  cell: ".metadata.name",
};

/** The age of built-in kinds. */
export const CREATED_COLUMN: PrinterColumn = {
  name: "Age",
  type: "string",
  isAge: true,
  cell: ".metadata.creationTimestamp",
};

/** The age of custom resources whose definition names no columns. */
export const AGE_COLUMN: PrinterColumn = {
  name: "Age",
  type: "date",
  cell: ".metadata.creationTimestamp",
};
