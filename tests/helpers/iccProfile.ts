/** Colours of wide profiles as XYZ of D50 (red, green, blue), and their gamma. */
const PROFILES = {
  adobeRgb: {
    red: [0.60974, 0.31111, 0.01947],
    green: [0.20528, 0.62567, 0.06087],
    blue: [0.14919, 0.06322, 0.74457],
    gamma: 2.2,
  },
  proPhoto: { red: [0.79767, 0.28804, 0], green: [0.13519, 0.71187, 0], blue: [0.03134, 0.00009, 0.82491], gamma: 1.8 },
} as const;

/** Makes a small colour profile of version 2 that says of itself what it is called. */
export function makeIccProfile(name: keyof typeof PROFILES): Buffer {
  const { red, green, blue, gamma } = PROFILES[name];
  const curve = Buffer.concat([
    type("curv"),
    uint32(1),
    Buffer.from([Math.floor(gamma), Math.round((gamma % 1) * 256), 0, 0]),
  ]);
  const tags: readonly (readonly [string, Buffer])[] = [
    [
      "desc",
      Buffer.concat([type("desc"), uint32(name.length + 1), Buffer.from(`${name}\0`), Buffer.alloc(90 - name.length)]),
    ],
    ["cprt", Buffer.concat([type("text"), Buffer.from("none\0\0\0\0")])],
    ["wtpt", xyz([0.9642, 1, 0.8249])],
    ["rXYZ", xyz(red)],
    ["gXYZ", xyz(green)],
    ["bXYZ", xyz(blue)],
    ["rTRC", curve],
    ["gTRC", curve],
    ["bTRC", curve],
  ];
  const padded = tags.map(([, data]) => Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]));
  const first = 128 + 4 + 12 * tags.length;
  const offsets = padded.map((_, i) => padded.slice(0, i).reduce((sum, { length }) => sum + length, first));
  const table = tags.map(([tag, data], i) =>
    Buffer.concat([Buffer.from(tag), uint32(offsets[i] ?? 0), uint32(data.length)]),
  );
  const body = Buffer.concat([uint32(tags.length), ...table, ...padded]);
  const header = Buffer.alloc(128);
  header.writeUInt32BE(128 + body.length, 0);
  header.writeUInt32BE(0x02400000, 8);
  header.write("mntrRGB XYZ ", 12, "latin1");
  header.write("acsp", 36, "latin1");
  xyz([0.9642, 1, 0.8249]).copy(header, 68, 8);
  return Buffer.concat([header, body]);
}

function type(name: string): Buffer {
  return Buffer.concat([Buffer.from(name, "latin1"), Buffer.alloc(4)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** As numbers with 16 bits behind the point. */
function xyz(values: readonly number[]): Buffer {
  return Buffer.concat([type("XYZ "), ...values.map((value) => uint32(Math.round(value * 65_536)))]);
}
