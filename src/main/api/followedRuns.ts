import type { FollowedRun, Lab } from "#shared/api/lab.ts";
import type { RunSnapshot } from "#shared/api/runs.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

/** The runs that one window follows. */
export interface FollowedRuns {
  /** Gives a run as it is and passes on what follows; a second call for the same run takes the place of the first. */
  follow(id: string, points: number): Promise<RunSnapshot>;
  unfollow(id: string): void;
  /** Follows nothing any more. */
  close(): void;
}

/** What is done with news, and with news that has lost its sense. */
export interface NewsListener {
  addNews(id: string, events: readonly RunEvent[]): void;
  dropNews(id: string): void;
}

/** Creates an empty list. */
export function createFollowedRuns(lab: Lab, listener: NewsListener): FollowedRuns {
  /** The newest wish to follow a run; what older ones still bring is not passed on. */
  const wishes = new Map<string, object>();
  const followed = new Map<string, FollowedRun>();
  const unfollow = (id: string): void => {
    wishes.delete(id);
    followed.get(id)?.stop();
    followed.delete(id);
    listener.dropNews(id);
  };
  return {
    follow: async (idOrPrefix, points) => {
      const { id } = await lab.showRun(idOrPrefix);
      unfollow(id);
      const wish = {};
      wishes.set(id, wish);
      const run = await lab.followRun(id, points, (events) => {
        if (wishes.get(id) === wish) listener.addNews(id, events);
      });
      if (wishes.get(id) === wish) followed.set(id, run);
      else run.stop();
      return run.snapshot;
    },
    unfollow,
    close: () => {
      wishes.clear();
      for (const id of [...followed.keys()]) unfollow(id);
    },
  };
}
