import { api } from "../../../shared/api/client";

export async function signOut(): Promise<void> {
  await api.post<unknown>("/api/account/sign-out", undefined, undefined, { staysOn401: true });
}
