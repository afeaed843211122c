import { type DenoiseMark, toMarkText } from "#main/photos/denoiseMark.ts";
import type { KeptMetadata } from "#shared/api/saving.ts";

/** What is said of the pixels of the source's file, and what holds pictures of its own: it is not true of the result. */
const OF_OTHER_PIXELS = [
  // Made up of others, and written into them again: positions would come back by these.
  "Composite:all",
  "IFD1:all",
  "SubIFD:all",
  "ThumbnailImage",
  "PreviewImage",
  "JpgFromRaw",
  "Photoshop:PhotoshopThumbnail",
  "Photoshop:PhotoshopBGRThumbnail",
  "XMP-xmp:Thumbnail*",
  "MPF:all",
  "Orientation",
  "ExifImageWidth",
  "ExifImageHeight",
  // CMYK becomes RGB.
  ...["InkSet", "InkNames", "NumberOfInks", "DotRange", "TargetPrinter"].map((tag) => `IFD0:${tag}`),
  ...["ImageWidth", "ImageHeight", "BitsPerSample", "SamplesPerPixel", "Compression"].map((tag) => `XMP-tiff:${tag}`),
  ...["PhotometricInterpretation", "PlanarConfiguration", "YCbCrSubSampling"].map((tag) => `XMP-tiff:${tag}`),
  // Gain maps and moving pictures that phones append to a JPEG are not in the result.
  "XMP-hdrgm:all",
  "XMP-GContainer:all",
  "XMP-HDRGainMap:all",
  "XMP-GCamera:Motion*",
  "XMP-GCamera:MicroVideo*",
];

/** Where a photo was taken. Makers' notes are sealed: what they say of places cannot be taken out alone. */
const LOCATION = [
  "GPS:all",
  "GPS*",
  "XMP:Location*",
  "XMP:Geotag*",
  "XMP-iptcCore:CountryCode",
  ...["City", "State", "Country"].map((tag) => `XMP-photoshop:${tag}`),
  ...["City", "Sub-location", "Province-State", "Country-Primary*", "ContentLocation*"].map((tag) => `IPTC:${tag}`),
  "MakerNotes",
];

/** What exiftool is to write into the file of a result. */
export interface MetadataWish {
  /** The photo's file; null where it has none. */
  readonly source: string | null;
  /** The result's file, which holds nothing yet but pixels and profile. */
  readonly result: string;
  readonly keep: Exclude<KeptMetadata, "none">;
  readonly mark: DenoiseMark;
  /** Of the result. */
  readonly width: number;
  readonly height: number;
  /** A small JPEG of the result; null where its format has no place for one. */
  readonly thumbnail: string | null;
}

/** Lists exiftool's arguments: copies what is true of the result, and adds its thumbnail, its size and its mark. */
export function listMetadataArguments(wish: MetadataWish): readonly string[] {
  const { source, result, keep, mark, width, height, thumbnail } = wish;
  const left = keep === "all" ? OF_OTHER_PIXELS : [...OF_OTHER_PIXELS, ...LOCATION];
  const copied =
    source === null
      ? []
      : [
          "-TagsFromFile",
          source,
          "-all:all",
          ...left.map((tag) => `--${tag}`),
          // Where the source tells its size, the result tells its own.
          `-ExifIFD:ExifImageWidth<\${ExifIFD:ExifImageWidth;$_=${width}}`,
          `-ExifIFD:ExifImageHeight<\${ExifIFD:ExifImageHeight;$_=${height}}`,
        ];
  return [
    ...["-quiet", "-quiet", "-overwrite_original", "-ignoreMinorErrors"],
    ...["-charset", "filename=utf8", "-api", "PNGEarlyXMP=1"],
    ...copied,
    ...(thumbnail === null ? [] : [`-ThumbnailImage<=${thumbnail}`]),
    `-XMP-xmpMM:History+={Action=denoised,SoftwareAgent=HiNAS Lab,Parameters=${escapeField(toMarkText(mark))}}`,
    result,
  ];
}

/** A field of a structure ends where exiftool finds one of these. */
function escapeField(text: string): string {
  return text.replace(/[|{}[\],]/g, "|$&");
}
