import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Link, NavLink, Outlet, ScrollRestoration, useMatch } from "react-router";
import { type Me, meQuery, type Role } from "../../features/account/api/get-me";
import { analysesQuery } from "../../features/results/api/datasets";
import { ErrorState } from "../../shared/components/PageStates";
import { ProductMark } from "../../shared/components/ProductMark";

// With all that a menu needs to find its place on the screen, which most pages do without at first.
const UserMenu = lazy(() => import("./UserMenu").then((module) => ({ default: module.UserMenu })));

const READING_ROLES: ReadonlySet<Role> = new Set(["READER", "ADJUDICATOR"]);

/** The way to the analyses of datasets, for who may give one; nobody asks for those who only read. */
function AnalysesLink({ me }: { me: Me }) {
  const isAtDesk = me.is_operator || me.memberships.some(({ role }) => !READING_ROLES.has(role));
  const analyses = useQuery({
    ...analysesQuery,
    enabled: isAtDesk,
    staleTime: 60_000,
    refetchInterval: false,
    refetchOnWindowFocus: false,
  });
  if (analyses.data?.may_add !== true) return null;
  return (
    <NavLink to="/desk/analyses" className="rr-header-link">
      Analyses
    </NavLink>
  );
}

/** Header, one main landmark and the footer line around every page but the reading room and the sign-in. */
export function ShellLayout() {
  const me = useQuery(meQuery);
  const atDesk = useMatch("/desk/:slug/*");
  const atWorklist = useMatch("/read/:slug");
  const atAdjudication = useMatch("/adjudicate/:slug");
  const slug = (atDesk ?? atWorklist ?? atAdjudication)?.params.slug;
  const study = me.data?.memberships.find((membership) => membership.study === slug);
  return (
    <div className="rr-shell">
      <a className="rr-skip" href="#main">
        Skip to content
      </a>
      <header className="rr-header">
        <div className="rr-header-inner">
          <Link to="/" className="rr-product" aria-label="Reading Room, my studies">
            <ProductMark />
            Reading Room
          </Link>
          <span className="rr-header-study">{study?.title}</span>
          {me.data !== undefined && <AnalysesLink me={me.data} />}
          {me.data !== undefined && (
            <Suspense fallback={<span className="rr-user">{me.data.display_name}</span>}>
              <UserMenu me={me.data} />
            </Suspense>
          )}
        </div>
      </header>
      <main className="rr-main" id="main" tabIndex={-1}>
        {me.isError ? (
          <ErrorState error={me.error} onRetry={() => void me.refetch()} />
        ) : (
          <Suspense>
            <Outlet />
          </Suspense>
        )}
      </main>
      <footer className="rr-footer">
        <div className="rr-footer-inner">Research software. Not a medical device.</div>
      </footer>
      <ScrollRestoration />
    </div>
  );
}
