import { useEffect } from "react";
import { isRouteErrorResponse, useRouteError } from "react-router";
import { ApiError } from "../../shared/api/client";
import { ErrorState } from "../../shared/components/PageStates";
import NotFoundPage from "./NotFoundPage";

/** Browsers word it differently, and none gives a code, when a page's chunk does not come. */
const CHUNK_MISSING = /dynamically imported module|importing a module script failed/i;

/** A chunk that does not come: the network is gone, or a new version has replaced it and a reload helps. */
function readable(error: unknown): unknown {
  if (!(error instanceof Error) || !CHUNK_MISSING.test(error.message)) return error;
  if (!navigator.onLine) return new ApiError({ status: 0, code: "offline", text: "" });
  return new ApiError({
    status: 0,
    code: "page_missing",
    text: "This part of the page did not load. Try again.",
  });
}

/** Stands where a page threw; once the network is back it tries again by itself. */
export function RouteError() {
  const error = useRouteError();
  useEffect(() => {
    const reload = () => window.location.reload();
    window.addEventListener("online", reload);
    return () => window.removeEventListener("online", reload);
  }, []);
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFoundPage />;
  return <ErrorState error={readable(error)} onRetry={() => window.location.reload()} />;
}
