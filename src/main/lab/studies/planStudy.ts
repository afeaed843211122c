import { ulid } from "ulid";

import { describeIssue } from "#main/config/describeIssue.ts";
import type { SettingsLayer } from "#main/config/layer.ts";
import { searchLayer, singlesLayer } from "#main/config/layerSources.ts";
import { findNearestName } from "#main/config/nearestName.ts";
import { ConfigError, type Problem, toConfigError } from "#main/config/problem.ts";
import { resolveConfig } from "#main/config/resolveConfig.ts";
import { parseYamlMapping, type YamlMapping } from "#main/config/yamlText.ts";
import type { SettingsKind, SettingsOf } from "#shared/runs/settings.ts";
import {
  addControls,
  listArms,
  type StudyArm,
  type StudyCell,
  type StudyPlan,
  toCellKey,
} from "#shared/studies/study.ts";
import { listSeeds, MOST_CELLS, STUDY_AXES, type StudyFile, studyFileSchema } from "#shared/studies/studyFile.ts";

/** The text of a study, and how errors name it. */
interface StudyText {
  readonly file: StudyFile;
  readonly yaml: YamlMapping;
  readonly place: string;
}

/**
 * Reads a study and resolves the settings of all its cells, so that what is wrong is said before anything runs; `place` names the text
 * in errors. Throws a LabError `bad_config` that lists every problem with its line.
 */
export function planStudy(text: string, place: string, withControl: boolean): StudyPlan {
  const study = readStudy(text, place);
  const { name, note, ends, tuning, axes, control, goesOn } = study.file;
  const arms = listArms(axes);
  const seeds = listSeeds(study.file.seeds);
  if (arms.length * seeds.length > MOST_CELLS) {
    const what = `must have at most ${MOST_CELLS} cells, got ${arms.length} arms times ${seeds.length} seeds`;
    throw toConfigError([{ place, what }]);
  }
  const identity = { schema: "hinas.study", version: 1, id: ulid(), createdAt: new Date().toISOString() } as const;
  const plan = { ...identity, name, note, ends, seeds, goesOn, tuning, arms, cells: planCells(study, arms, seeds) };
  if (!control && !withControl) return plan;
  checkControl(plan, place);
  return addControls(plan);
}

/** A control is trained as what was found is, so that without a training there is nothing to compare. */
export function checkControl({ ends }: Pick<StudyPlan, "ends">, place: string): void {
  if (ends !== "search") return;
  const what = "a random control needs networks that are trained: ends must be training or evaluation, got search";
  throw toConfigError([{ place, what }]);
}

function readStudy(text: string, place: string): StudyText {
  const yaml = parseYamlMapping(text, place);
  const parsed = studyFileSchema.safeParse(yaml.values);
  if (parsed.success) return { file: parsed.data, yaml, place };
  const problems = parsed.error.issues.flatMap((issue): readonly Problem[] => {
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => describeUnknown(issue.path, key, yaml, place));
    return describeIssue(issue, yaml.values).map(({ path, what }) => ({ place: placeAt(yaml, place, path), what }));
  });
  throw toConfigError(problems);
}

function describeUnknown(parents: readonly PropertyKey[], key: string, yaml: YamlMapping, place: string): Problem {
  const path = [...parents.map(String), key];
  const isAxis = parents.join(".") === "axes";
  const known = isAxis ? STUDY_AXES : Object.keys(studyFileSchema.shape);
  const nearest = findNearestName(key, known);
  const hint = nearest === null ? `; there are ${known.join(", ")}` : `; did you mean ${nearest}?`;
  const what = isAxis ? `unknown axis ${key}${hint}` : `unknown key ${path.join(".")}${hint}`;
  return { place: placeAt(yaml, place, path), what };
}

function planCells(study: StudyText, arms: readonly StudyArm[], seeds: readonly number[]): readonly StudyCell[] {
  const problems: Problem[] = [];
  const cells = arms.flatMap((arm) =>
    seeds.flatMap((seed): readonly StudyCell[] => {
      try {
        return [planCell(study, arm, seed)];
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        problems.push(...error.problems.map(({ place, what }) => ({ place, what: `${what} (in ${arm.name})` })));
        return [];
      }
    }),
  );
  if (problems.length > 0) throw toConfigError(problems);
  return cells;
}

function planCell(study: StudyText, arm: StudyArm, seed: number): StudyCell {
  const { file, place } = study;
  const key = toCellKey(arm.name, seed);
  const name = `${file.name}: ${key}`.slice(0, 120);
  const layers = [
    partLayer(study, ["base"], file.base),
    ...STUDY_AXES.flatMap((axis) => {
      const value = arm.values[axis];
      if (value === undefined) return [];
      return [partLayer(study, ["axes", axis, value], file.axes[axis]?.[value] ?? {})]; // a value may set nothing
    }),
    singlesLayer("flag", [
      { path: "seed", value: seed, place: `${place}: seeds` },
      { path: "name", value: name, place: `${place}: name` },
    ]),
  ];
  const search = resolve("search", layers);
  if (!search.search.keepSupernetWeights) {
    const what = "search.keepSupernetWeights must be true in a study, which goes on after a pause, got false";
    throw toConfigError([{ place, what }]);
  }
  const isTrained = file.ends !== "search";
  const training = isTrained ? resolve("train", [searchLayer("of the cell", search.space), ...layers]) : null;
  const evaluation = file.ends === "evaluation" ? resolve("evaluation", layers.slice(0, -1)).evaluation : null;
  return { key, arm: arm.name, seed, search, training, evaluation, controlOf: null };
}

function resolve<K extends SettingsKind>(kind: K, layers: readonly SettingsLayer[]): SettingsOf[K] {
  return resolveConfig(kind, layers).settings;
}

/** Settings that stand inside the study's text keep their line there. */
function partLayer(
  { yaml, place }: StudyText,
  parents: readonly string[],
  values: Readonly<Record<string, unknown>>,
): SettingsLayer {
  return { origin: "file", values, placeOf: (path) => placeAt(yaml, place, [...parents, ...path]) };
}

function placeAt(yaml: YamlMapping, place: string, path: readonly string[]): string {
  const line = yaml.lineOf(path);
  return line === null ? place : `${place} line ${line}`;
}
