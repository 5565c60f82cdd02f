import { createBrowserRouter, type RouteObject } from "react-router";
import { inDesk } from "./pages/in-desk";
import NotFoundPage from "./pages/NotFoundPage";
import { RouteError } from "./pages/RouteError";
import { RootLayout } from "./RootLayout";
import { PageSkeleton } from "./shell/PageSkeleton";
import { ShellLayout } from "./shell/ShellLayout";

/** Every page is its own chunk, so that nobody waits for the viewer or the charts who does not see them. */
export const routes: RouteObject[] = [
  {
    element: <RootLayout />,
    hydrateFallbackElement: <PageSkeleton />,
    children: [
      {
        errorElement: <RouteError />,
        children: [
          {
            path: "sign-in",
            lazy: async () => ({
              Component: (await import("../features/account/components/SignInPage")).default,
            }),
          },
          {
            path: "read/:slug/case/:readId",
            lazy: async () => ({
              Component: (await import("../features/reading-room/ReadingRoomPage")).default,
            }),
          },
          {
            path: "adjudicate/:slug/item/:itemId",
            lazy: async () => ({
              Component: (await import("../features/adjudication/ItemRoomPage")).default,
            }),
          },
          {
            element: <ShellLayout />,
            children: [
              {
                errorElement: <RouteError />,
                children: [
                  {
                    index: true,
                    lazy: async () => ({
                      Component: (await import("../features/account/components/HomePage")).default,
                    }),
                  },
                  {
                    path: "read/:slug",
                    lazy: async () => ({
                      Component: (await import("../features/worklist/components/WorklistPage")).default,
                    }),
                  },
                  {
                    path: "desk/new",
                    lazy: async () => ({
                      Component: (await import("../features/study-design/NewStudyPage")).default,
                    }),
                  },
                  {
                    path: "desk/analyses",
                    lazy: async () => ({
                      Component: (await import("../features/results/components/analyses/AnalysesPage"))
                        .default,
                    }),
                  },
                  {
                    path: "desk/analyses/:id/:section?",
                    lazy: async () => ({
                      Component: (await import("../features/results/components/analyses/DatasetPage"))
                        .default,
                    }),
                  },
                  {
                    path: "adjudicate/:slug",
                    lazy: async () => ({
                      Component: (await import("../features/adjudication/components/AdjudicationPage"))
                        .default,
                    }),
                  },
                  {
                    path: "desk/:slug",
                    lazy: async () => ({
                      Component: (await import("../features/desk/components/DeskLayout")).default,
                    }),
                    children: [
                      {
                        errorElement: <RouteError />,
                        children: [
                          {
                            index: true,
                            lazy: async () => ({
                              Component: (await import("../features/desk/components/DeskIndex")).default,
                            }),
                          },
                          {
                            path: "design/:section?",
                            lazy: async () => ({ Component: (await import("./pages/DesignTab")).default }),
                          },
                          {
                            path: "progress",
                            lazy: async () => ({
                              Component: (await import("../features/desk/components/ProgressTab")).default,
                            }),
                          },
                          {
                            path: "cases",
                            lazy: async () => ({
                              Component: (await import("../features/desk/components/CasesTab")).default,
                            }),
                          },
                          {
                            path: "people",
                            lazy: async () =>
                              inDesk(
                                (await import("../features/study-conduct/components/PeoplePage")).PeoplePage,
                              ),
                          },
                          {
                            path: "freeze",
                            lazy: async () =>
                              inDesk(
                                (await import("../features/study-conduct/components/FreezePage")).FreezePage,
                              ),
                          },
                          {
                            path: "amendments",
                            lazy: async () => ({
                              Component: (await import("./pages/AmendmentsTab")).default,
                            }),
                          },
                          {
                            path: "deviations",
                            lazy: async () =>
                              inDesk(
                                (await import("../features/study-conduct/components/DeviationsPage"))
                                  .DeviationsPage,
                              ),
                          },
                          {
                            path: "unblind",
                            lazy: async () =>
                              inDesk(
                                (await import("../features/study-conduct/components/UnblindPage"))
                                  .UnblindPage,
                              ),
                          },
                          {
                            path: "results/:section?",
                            lazy: async () => ({ Component: (await import("./pages/ResultsTab")).default }),
                          },
                          {
                            path: "audit",
                            lazy: async () => ({
                              Component: (await import("../features/desk/components/AuditTab")).default,
                            }),
                          },
                        ],
                      },
                    ],
                  },
                  { path: "*", element: <NotFoundPage /> },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
];

export function createRouter() {
  return createBrowserRouter(routes);
}
