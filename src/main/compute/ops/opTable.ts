import type { Primitive } from "#shared/space/cells/primitives.ts";

import { convolutionOp } from "./convolutionOp.ts";
import type { Op } from "./op.ts";
import { separableConvolutionOp } from "./separableConvolutionOp.ts";

/** What each primitive computes; a primitive without a row does not compile. */
export const OP_TABLE: Readonly<Record<Primitive, Op>> = {
  conv_3x3: convolutionOp(3, 1),
  sep_conv_3x3: separableConvolutionOp(3),
  sep_conv_5x5: separableConvolutionOp(5),
  dil_conv_3x3: convolutionOp(3, 2),
  dil_conv_5x5: convolutionOp(5, 2),
  skip_connect: { kind: "identity" },
  none: { kind: "zero" },
};
