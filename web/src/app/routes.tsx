import type { RouteObject } from "react-router"

import { ErrorPage } from "./ErrorPage"
import { NotFoundPage } from "./NotFoundPage"
import { SignedIn } from "./SignedIn"

export const routes: RouteObject[] = [
  {
    path: "/sign-in",
    errorElement: <ErrorPage />,
    lazy: async () => ({ Component: (await import("../features/session/SignInPage")).SignInPage }),
    HydrateFallback: () => null,
  },
  {
    path: "/",
    element: <SignedIn />,
    errorElement: <ErrorPage />,
    HydrateFallback: () => null,
    children: [
      {
        errorElement: <ErrorPage />,
        children: [
          {
            index: true,
            lazy: async () => ({ Component: (await import("../features/overview/OverviewPage")).OverviewPage }),
          },
          {
            path: "security",
            lazy: async () => ({ Component: (await import("../features/session/SecurityPage")).SecurityPage }),
          },
          { path: "*", element: <NotFoundPage /> },
        ],
      },
    ],
  },
]
