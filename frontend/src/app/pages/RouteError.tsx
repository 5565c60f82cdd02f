import { isRouteErrorResponse, useRouteError } from "react-router";
import { ErrorState } from "../../shared/components/PageStates";
import NotFoundPage from "./NotFoundPage";

/** Stands where a page threw. A chunk that no longer exists (a new version went live) needs only a reload. */
export function RouteError() {
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFoundPage />;
  return <ErrorState error={error} onRetry={() => window.location.reload()} />;
}
