import { create } from "zustand";

interface Connection {
  /** Whether the last request reached the server. */
  isReachable: boolean;
}

/** The one place that knows if the server answers; the client writes it, banners and drafts read it. */
export const useConnection = create<Connection>()(() => ({ isReachable: true }));

export function noteReachable(isReachable: boolean): void {
  if (useConnection.getState().isReachable !== isReachable) useConnection.setState({ isReachable });
}
