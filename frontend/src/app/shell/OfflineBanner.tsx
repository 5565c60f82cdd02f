import { IconCloudOff } from "@tabler/icons-react";
import { useSyncExternalStore } from "react";
import { useConnection } from "../../shared/api/connection";

function subscribe(onChange: () => void): () => void {
  window.addEventListener("online", onChange);
  window.addEventListener("offline", onChange);
  return () => {
    window.removeEventListener("online", onChange);
    window.removeEventListener("offline", onChange);
  };
}

export function OfflineBanner() {
  const hasNetwork = useSyncExternalStore(subscribe, () => navigator.onLine);
  const isReachable = useConnection((connection) => connection.isReachable);
  return (
    <div role="status" aria-live="polite">
      {(!hasNetwork || !isReachable) && (
        <div className="rr-offline">
          <IconCloudOff size={18} stroke={1.5} aria-hidden />
          {hasNetwork
            ? "The server cannot be reached. This page may be out of date."
            : "You are offline. This page may be out of date."}
        </div>
      )}
    </div>
  );
}
