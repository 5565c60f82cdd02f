import { Navigate, useNavigation } from "react-router";

/** Leads to another page, unless the person is already on the way to one that they chose themselves. */
export function LeadOn({ to }: { to: string }) {
  const onTheWay = useNavigation().state !== "idle";
  return onTheWay ? null : <Navigate to={to} replace />;
}
