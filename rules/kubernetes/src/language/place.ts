export {
  danglingAlias,
  duplicateKeys,
  type Found,
  type Missing,
  type Path,
  Place,
  Tree,
} from "@yantra-lint/yaml";
