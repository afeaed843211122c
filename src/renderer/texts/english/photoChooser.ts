export const photoChooserTexts = {
  dataset: "Data set",
  photos: "Photos of the data set",
  notListed: "The photos could not be listed",
  none: "This data set has no photos",
  chosen: (count: number) => (count === 1 ? "1 photo chosen" : `${count} photos chosen`),
  take: "Take them",
  takeOne: "Take it",
  title: "Choose photos of a data set",
  titleOne: "Choose a photo",
};
