import { parserServicesOf } from "@yantra-lint/yaml";

export const parserServices = parserServicesOf("yantra/kubernetes");
