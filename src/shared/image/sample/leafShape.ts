import type { Random } from "#shared/random/random.ts";

/** Says whether a point lies inside a shape; u and v are in units of the shape's half width and half height. */
export type Inside = (u: number, v: number) => boolean;

/** Draws one outline of about unit radius: mostly ellipses and polygons, some rectangles and wavy blobs. */
export function drawOutline(random: Random): Inside {
  const kind = random.uniform();
  if (kind < 0.35) return (u, v) => u * u + v * v < 1;
  if (kind < 0.7) return drawPolygon(3 + random.integer(5), random);
  if (kind < 0.85) return (u, v) => Math.abs(u) < 0.9 && Math.abs(v) < 0.9;
  return drawBlob(random);
}

/** A convex polygon as the common part of half planes whose normals go round the circle. */
function drawPolygon(sides: number, random: Random): Inside {
  const planes = Array.from({ length: sides }, (_, side) => {
    const angle = ((side + 0.7 * (random.uniform() - 0.5)) * 2 * Math.PI) / sides;
    return { x: Math.cos(angle), y: Math.sin(angle), distance: 0.45 + 0.4 * random.uniform() };
  });
  return (u, v) => u * u + v * v < 1 && planes.every((plane) => u * plane.x + v * plane.y < plane.distance);
}

/** A disc whose radius waves with the angle. */
function drawBlob(random: Random): Inside {
  const lobes = 2 + random.integer(5);
  const phase = 2 * Math.PI * random.uniform();
  const depth = 0.1 + 0.25 * random.uniform();
  return (u, v) => {
    const radius = 1 - depth + depth * Math.cos(lobes * Math.atan2(v, u) + phase);
    return u * u + v * v < radius * radius;
  };
}
