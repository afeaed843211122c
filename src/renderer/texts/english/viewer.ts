export const viewerTexts = {
  failed: "The picture could not be shown",
  noAnswer: "The lab did not answer.",
  zoom: "Zoom",
  fit: "Fit",
  wipe: "Line between the two pictures",
  loupe: "Loupe at the pointer",
  keys: "Arrow keys move, plus and minus zoom, 0 fits.",
  shortcuts: {
    move: "Picture with the focus: move it",
    zoom: "Picture with the focus: larger, smaller",
    fit: "Picture with the focus: show all of it",
  },
};
