import { type ComponentType, lazy, useEffect } from "react";
import { createBrowserRouter, Navigate, type RouteObject } from "react-router";
import { useStaff } from "../api";
import { type Role, roleNames, useTexts } from "../language";
import { Forbidden, Loading } from "../ui";
import { Fallen, Missing, NoRooms } from "./Fallen";
import { landingOf, moduleOf } from "./modules";
import { mayOpen, openPages, type PageEntry, pages } from "./pages";
import { Shell } from "./Shell";
import { texts } from "./texts";

function Allowed({ page, of: Content }: { page: PageEntry; of: ComponentType }) {
  const t = useTexts(texts);
  const names = useTexts(roleNames);
  const { roles } = useStaff();
  if (page.path === "/" && !mayOpen(page, roles)) return <Navigate to="/home" replace />;
  if (!mayOpen(page, roles)) {
    const who = page.roles.map((role: Role) => names[role]).join(t.joiner);
    return <Forbidden advice={t.onlyFor(who)} />;
  }
  return <Content />;
}

/** The landing page of the signed-in person. */
function Home() {
  const { roles } = useStaff();
  const landing = landingOf(roles);
  useEffect(() => {
    document.title = "Bihuan";
  }, []);
  return landing === undefined ? <NoRooms /> : <Navigate to={landing} replace />;
}

function routes(): RouteObject[] {
  return pages.flatMap((page) => {
    const load = moduleOf(page.file);
    if (load === undefined) return [];
    return [{ path: page.path, element: <Allowed page={page} of={lazy(load)} />, errorElement: <Fallen /> }];
  });
}

function withoutShell(): RouteObject[] {
  return openPages.flatMap(({ path, file }) => {
    const load = moduleOf(file);
    if (load === undefined) return [];
    return [
      {
        path,
        lazy: async () => ({ Component: (await load()).default }),
        errorElement: <Fallen />,
        hydrateFallbackElement: <Loading shape="cards" />,
      },
    ];
  });
}

export const router = createBrowserRouter([
  ...withoutShell(),
  {
    element: <Shell />,
    errorElement: <Fallen />,
    children: [{ path: "/home", element: <Home /> }, ...routes(), { path: "*", element: <Missing /> }],
  },
]);
