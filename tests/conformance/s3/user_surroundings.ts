/** Cases about what may surround a user: groups, a login, tags, the last use of a key. */
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  GetAccessKeyLastUsedCommand,
  GetLoginProfileCommand,
  ListGroupsForUserCommand,
  ListUserTagsCommand,
  TagUserCommand,
} from "@aws-sdk/client-iam";
import { assert, assertEquals } from "@std/assert";
import { type CloudCase, type CloudPlace, refusalOf } from "./place.ts";

async function createUser({ iam, name }: CloudPlace): Promise<string> {
  const UserName = name("user");
  await iam.send(new CreateUserCommand({ UserName }));
  return UserName;
}

/** Wasabi has no tags of users (wasabi.md §4.4); a service either keeps them or does not know them. */
const WITHOUT_TAGS: readonly string[] = ["InvalidAction", "NotImplemented"];

/** All of them. */
export const userSurroundingCases: readonly CloudCase[] = [
  {
    claim: "a new user is in no group",
    run: async (place) => {
      const UserName = await createUser(place);
      const { Groups } = await place.iam.send(new ListGroupsForUserCommand({ UserName }));
      assertEquals(Groups ?? [], []);
    },
  },
  {
    claim: "a new user has no login profile, which is NoSuchEntity",
    run: async (place) => {
      const UserName = await createUser(place);
      const refusal = await refusalOf(place.iam.send(new GetLoginProfileCommand({ UserName })));
      assertEquals(refusal, { code: "NoSuchEntity", status: 404 });
    },
  },
  {
    claim: "a key that was never used has no last use",
    run: async (place) => {
      const UserName = await createUser(place);
      const { AccessKey } = await place.iam.send(new CreateAccessKeyCommand({ UserName }));
      const answer = await place.iam.send(
        new GetAccessKeyLastUsedCommand({ AccessKeyId: AccessKey!.AccessKeyId! }),
      );
      assertEquals([answer.UserName, answer.AccessKeyLastUsed?.LastUsedDate], [
        UserName,
        undefined,
      ]);
    },
  },
  {
    claim: "tags of a user are read back as they were put, or the action is not known",
    run: async ({ iam, ...place }) => {
      const UserName = await createUser({ iam, ...place });
      const Tags = [{ Key: "team", Value: "storage" }];
      const told = await outcomeOf(iam.send(new TagUserCommand({ UserName, Tags })));
      const read = await outcomeOf(
        iam.send(new ListUserTagsCommand({ UserName })).then((answer) => answer.Tags),
      );
      const kept = JSON.stringify([told, read]) === JSON.stringify(["done", Tags]);
      const unknown = [told, read].every((code) => WITHOUT_TAGS.includes(String(code)));
      assert(kept || unknown, JSON.stringify([told, read]));
    },
  },
];

async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    const value = await call;
    return Array.isArray(value) ? value : "done";
  } catch (error) {
    return (error as Error).name;
  }
}
