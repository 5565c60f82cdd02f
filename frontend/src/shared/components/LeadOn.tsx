import { useContext, useEffect } from "react";
import { UNSAFE_DataRouterContext, useLocation, useNavigate } from "react-router";

/**
 * Leads to another page, unless the person is already on the way to one that they chose themselves.
 *
 * The router itself is asked: what it renders are transitions, so a page that has just got its data
 * may still be drawn as if nothing had been chosen.
 */
export function LeadOn({ to }: { to: string }) {
  const router = useContext(UNSAFE_DataRouterContext)?.router;
  const navigate = useNavigate();
  const { key } = useLocation();
  useEffect(() => {
    const isHere = router?.state.navigation.state === "idle" && router.state.location.key === key;
    if (isHere) void navigate(to, { replace: true });
  }, [router, navigate, key, to]);
  return null;
}
