// Short names for the shapes of the connection test.
import type { Schemas } from "../api/types";
import type { WithConfig } from "../configuration/types";

export type Finding = Schemas["ConnectionFinding"];
export type FindingState = Schemas["FindingState"];
export type ConnectionReport = Schemas["ConnectionReport"];
export type ConnectionRequest = Partial<WithConfig<Schemas["ConnectionRequest"]>>;
export type TokenRights = Schemas["TokenRights"];
