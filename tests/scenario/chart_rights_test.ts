/**
 * The rights that the chart grants are those that the operator needs: no verb is missing, and
 * there is none that nothing uses.
 */
import { assertEquals } from "@std/assert";
import { chartRules, grantedRights, neededRights } from "../conformance/chart_rights.ts";
import { embeddedTest } from "./embedded.ts";
import { everyRightOptions, needEveryRight } from "./every_right.ts";

embeddedTest(
  "one short life needs every right that the chart grants, and no other",
  async (stage, { kubernetes }) => {
    await stage.operate(everyRightOptions(stage));
    await needEveryRight(stage);
    assertEquals(neededRights(kubernetes.requests), grantedRights(await chartRules()));
  },
);
