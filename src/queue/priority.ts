/**
 * Priorities of the work queue: what a person waits for goes before what nobody waits for.
 */

/** A person changed the object. */
export const USER_CHANGE = 100;
/** The object is being deleted. */
export const DELETION = 90;
/** Something that the object refers to changed. */
export const DEPENDENCY_CHANGE = 50;
/** An earlier attempt failed. */
export const RETRY = 0;
/** The first sight of an object at start, and the periodic comparison with the cloud. */
export const ROUTINE = -100;
