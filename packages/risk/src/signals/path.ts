import type { ChangedFile } from "@yantra-lint/core";
import { isEdited, isProgram, pathsOf } from "../edits.ts";
import type { RiskClass } from "../model.ts";
import { builtInFloors, floorsByPath } from "../path-floors.ts";
import { floorRank, type Family, type Reason } from "../reason.ts";
import { list, plain } from "../wording.ts";

const STRENGTH: Record<RiskClass, number> = { low: 0, medium: 400, high: 750 };

/**
 * Floors by path. The configuration's hold for every file whose edit is more than comments; those built in for code
 * that does something else now, or more. A configured floor of class low takes its paths out of the built-in ones.
 */
export const path: Family = (change, settings) => {
  const configured = floorsByPath(settings.floors);
  return change.files.filter(isEdited).flatMap((file): Reason[] => {
    const own = pathsOf(file).map((one) => configured(one));
    const set = own.flat().filter((floor) => floor.class !== "low");
    const highest = set.reduce<RiskClass>(
      (most, floor) => (floorRank(floor.class) > floorRank(most) ? floor.class : most),
      "low",
    );
    // Each of a renamed file's names counts alone: one that is taken out says nothing of the other.
    const asked = pathsOf(file).filter((_, index) => !own[index]?.some((floor) => floor.class === "low"));
    const builtIn = isBehaviour(file) ? asked.flatMap((one) => builtInFloors(one)) : [];
    if (builtIn.length === 0 && highest === "low") return [];
    const floor: RiskClass = builtIn.length > 0 ? "high" : highest;
    const names = [...set.filter((one) => one.class === floor), ...builtIn].map((one) => plain(one.name, 60));
    const about = list([...new Set(names)].sort());
    const evidence = `${plain(file.path)} is about ${about}.`;
    return [{ strength: STRENGTH[floor], floor, evidence, path: file.path, line: file.edit.line }];
  });
};

function isBehaviour(file: ChangedFile): boolean {
  return isProgram(file) && file.edit.kind !== "style" && file.edit.kind !== "copy";
}
