import { createRouter, createWebHashHistory, type Router } from "vue-router";

import { texts } from "#renderer/texts/texts.ts";

import { ROOMS } from "./rooms.ts";

/** Builds the routes of all rooms. The address stands behind `#`, so that any server and Electron serve one page. */
export function buildRouter(): Router {
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [
      ...ROOMS.flatMap(({ name, pages }) => pages.map((page) => ({ ...page, meta: { room: name } }))),
      { path: "/:rest(.*)*", redirect: "/" },
    ],
  });
  router.afterEach((to) => {
    const room = ROOMS.find(({ name }) => name === to.meta["room"]);
    document.title = room === undefined ? texts.frame.product : `${texts.rooms[room.name]} · ${texts.frame.product}`;
  });
  return router;
}
