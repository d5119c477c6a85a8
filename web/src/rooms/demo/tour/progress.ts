import type { Scene, Story } from "./stories";

/** Which scenes of a story are over: their fact has happened, or the visitor ticked them off. */
export function doneOf(story: Story, happened: readonly string[], seen: readonly string[]): boolean[] {
  return story.scenes.map((scene) =>
    scene.fact ? happened.includes(scene.fact) : seen.includes(`${story.key}/${scene.key}`),
  );
}

/** The scene that is on: the first that is not over; undefined when the story has ended. */
export function currentOf(story: Story, done: readonly boolean[]): Scene | undefined {
  // What comes later may happen first: a customer may open his account before he is written to.
  const last = done.lastIndexOf(true);
  return story.scenes[last + 1];
}
