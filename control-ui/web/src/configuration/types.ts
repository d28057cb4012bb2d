// Short names for the shapes of the configuration's API. What a setting may hold is any JSON to the generated schema, so
// that is named here.
import type { Schemas, Validation } from "../api/types";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/** The shape with settings of which something is known. */
export type WithConfig<Shape> = Omit<Shape, "config"> & { readonly config: JsonObject };

export type Origin = Schemas["OriginView"];
export type EffectiveValue = Omit<Schemas["ValueView"], "value"> & { readonly value: Json };
export type Confirmation = Schemas["Confirmation"];
export type SecretState = Schemas["SecretView"];
export type Configuration = WithConfig<Schemas["ConfigurationView"]>;

/** What was found about a draft. */
export type Check = Omit<Validation, "values"> & { readonly values: readonly EffectiveValue[] };

/** A document that people edit: the preset that it begins from, and what differs. */
export type Document = Pick<Configuration, "preset" | "config">;

/** One side of a comparison; one of its properties is given. */
export type Side = Omit<Schemas["Side"], "document"> & { readonly document?: Document };

export type Change = Omit<Schemas["Change"], "from" | "to"> & { readonly from: Json; readonly to: Json };

export type TextFormat = Schemas["TextFormatView"];
export type TextProblem = Schemas["TextProblemView"];
export type Converted = WithConfig<Schemas["FromText"]>;

export type CheckRequest = Partial<WithConfig<Schemas["ValidateRequest"]>>;
export type SaveRequest = WithConfig<Schemas["SaveConfiguration"]>;
