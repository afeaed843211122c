import { z } from "zod";

/** The version of site profiles that this program writes and reads. */
export const SITE_VERSION = 1;

/** A name that a shell takes as it is, and no program as an option. */
const hostSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]*$/, "must be a host as `ssh` knows it, of letters, digits, dots and dashes");
const folderSchema = z
  .string()
  .regex(
    /^(\/[A-Za-z0-9._@+-]+)+$/,
    "must be an absolute folder of letters, digits, dots and dashes, such as /scratch/me/hinas",
  );
const lineSchema = z.string().regex(/^[^\r\n]+$/, "must be one line");
const wordSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:,=@+-]*$/, "must be one word without blanks");

const common = {
  schema: z.literal("hinas.site"),
  version: z.literal(SITE_VERSION),
  host: hostSchema.describe("The computer to log in to, as ~/.ssh/config names it. Passwords are never stored."),
  dataHost: hostSchema
    .nullable()
    .default(null)
    .describe("The computer that files go by, where the site has one for that."),
  folder: folderSchema.describe(
    "A folder there with room for data sets and runs, seen by all nodes; often on scratch space.",
  ),
  hinas: lineSchema.describe(
    "How `hinas` is started there: Node and this program's src/main/cli.ts, or a container that has both.",
  ),
  preamble: z.array(lineSchema).max(50).readonly().default([]).describe("Lines before it, such as `module load cuda`."),
  pollSeconds: z
    .int()
    .min(30)
    .max(3600)
    .default(60)
    .describe("How often the site is asked how its jobs are; less often while all wait."),
};

const slurmSchema = z.strictObject({
  ...common,
  kind: z.literal("slurm"),
  account: wordSchema.nullable().default(null).describe("Who pays; null where the site has a default."),
  partition: wordSchema.nullable().default(null),
  qos: wordSchema.nullable().default(null),
  gres: wordSchema.nullable().default(null).describe("The devices as the site wants them named, such as gpu:a100:1."),
  time: z
    .string()
    .regex(/^(\d+|(\d+-)?\d+(:\d\d){0,2})$/, "must be a time as Slurm writes it, such as 12:00:00 or 2-00:00:00")
    .describe("After this long the job ends; the run makes room before, with a checkpoint, and queues again."),
  memory: z
    .string()
    .regex(/^\d+[KMGT]?$/, "must be memory as Slurm writes it, such as 16G")
    .nullable()
    .default(null),
  cpus: z.int().min(1).max(1024).default(4),
  mail: wordSchema.nullable().default(null).describe("Who gets a mail when a job ends."),
  maxRequeues: z.int().min(0).max(1000).default(20).describe("How often one job may queue again after it made room."),
  extra: z
    .array(lineSchema.regex(/^#SBATCH --/, "must begin with #SBATCH --"))
    .max(50)
    .readonly()
    .default([])
    .describe("Further lines for sbatch."),
});
const plainSchema = z.strictObject({ ...common, kind: z.literal("ssh") });

/** A site: another computer, or a cluster with Slurm, that does runs; a file of this form can be passed on in a lab. */
export const siteProfileSchema = z.discriminatedUnion("kind", [slurmSchema, plainSchema]);
export type SiteProfile = Readonly<z.infer<typeof siteProfileSchema>>;
export type SlurmProfile = Extract<SiteProfile, { kind: "slurm" }>;

/** The names that sites may have. */
export const siteNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "must be of small letters, digits and dashes");
