import { api } from "../../../shared/api/client";
import { type Me, meSchema } from "./get-me";

export interface Credentials {
  username: string;
  password: string;
}

/** Errors: `invalid_credentials`, `throttled`. */
export function signIn(credentials: Credentials): Promise<Me> {
  return api.post("/api/account/sign-in", credentials, meSchema, { staysOn401: true });
}
