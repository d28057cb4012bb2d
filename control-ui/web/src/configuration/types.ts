// The shapes of the configuration API, until the generated schema has them.
import type { ConfigProblem, Validation } from "../api/types";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/** Where a value comes from; later kinds win over earlier ones. */
export interface Origin {
  readonly kind: "default" | "preset" | "file" | "environment" | "you";
  readonly name: string | null;
}

export interface EffectiveValue {
  readonly pointer: string;
  readonly value: Json;
  readonly origin: Origin;
}

/** What a full run to the target would do, and whether its host must be typed back for that. */
export interface Confirmation {
  readonly host: string;
  readonly needed: boolean;
  readonly text: string;
  readonly hit_budget_needed: boolean;
}

/** What was found about a draft. */
export type Check = Omit<Validation, "values"> & {
  readonly values: readonly EffectiveValue[];
  readonly confirmation: Confirmation | null;
};

/** A document that people edit: the preset that it begins from, and what differs. */
export interface Document {
  readonly preset: string | null;
  readonly config: JsonObject;
}

export interface SecretState {
  readonly set: boolean;
  readonly last4: string | null;
  readonly origin: Origin | null;
}

export interface Configuration extends Document {
  readonly revision: number;
  readonly updated_at: string | null;
  readonly token: SecretState;
  /** Further secrets that were saved, by pointer. */
  readonly secrets: Readonly<Record<string, SecretState>>;
}

export type Side =
  | { readonly preset: string }
  | { readonly configuration: true }
  | { readonly run: string }
  | { readonly document: Document };

export interface Change {
  readonly pointer: string;
  readonly title: string;
  readonly unit: string | null;
  readonly from: Json;
  readonly to: Json;
  readonly from_origin: Origin | null;
  readonly to_origin: Origin | null;
}

export type TextFormat = "toml" | "json" | "env";

/** A problem of a text, with its place in it where that is known. */
export interface TextProblem extends Omit<ConfigProblem, "origin"> {
  readonly line: number | null;
  readonly column: number | null;
}

export interface Converted {
  readonly config: JsonObject;
  readonly format: TextFormat;
  readonly problems: readonly TextProblem[];
  readonly secrets_removed: boolean;
}
