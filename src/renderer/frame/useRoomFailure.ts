import { onErrorCaptured, readonly, ref, type Ref, watch } from "vue";
import { useRoute, useRouter } from "vue-router";

import { texts } from "#renderer/texts/texts.ts";

/** Why the room that was asked for is not on show, and what trying again does. */
interface RoomFailure {
  readonly message: string;
  readonly retry: () => void;
}

/**
 * Keeps a fault to the room it happens in: the menu and the other rooms go on, and what fails late in a room that was left is
 * not blamed on the next one. A room whose code does not arrive, as after the program was updated under an open window, needs
 * the page anew.
 */
export function useRoomFailure(): Readonly<Ref<RoomFailure | null>> {
  const route = useRoute();
  const router = useRouter();
  const failure = ref<RoomFailure | null>(null);
  onErrorCaptured((error, instance) => {
    if (instance?.$.isUnmounted === true) return;
    failure.value = { message: error.message, retry: () => (failure.value = null) };
  });
  router.onError((error: Error, to) => {
    const retry = (): void => {
      location.hash = router.resolve(to).href;
      location.reload();
    };
    failure.value = { message: texts.frame.roomNotLoaded(error.message), retry };
  });
  watch(
    () => route.path,
    () => (failure.value = null),
  );
  return readonly(failure);
}
