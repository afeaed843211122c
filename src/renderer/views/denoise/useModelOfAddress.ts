import { watch } from "vue";
import { useRoute, useRouter } from "vue-router";

/** Passes on the network that the address asks for, once; after that the choice in the room counts. */
export function useModelOfAddress(pick: (model: string) => void): void {
  const route = useRoute();
  const router = useRouter();
  watch(
    () => route.query["model"],
    (model) => {
      if (typeof model !== "string") return;
      pick(model);
      void router.replace({ path: route.path });
    },
    { immediate: true },
  );
}
