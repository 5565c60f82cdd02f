import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { NavLink, Outlet, useParams } from "react-router";
import { ErrorState } from "../../../shared/components/PageStates";
import { studyQuery } from "../api/get-study";
import { deskTabs } from "../model/desk-tabs";
import { StudyHeader } from "./StudyHeader";
import "./desk.css";

export default function DeskLayout() {
  const slug = useParams().slug ?? "";
  const study = useQuery(studyQuery(slug));
  if (study.isPending) {
    return (
      <Stack gap="md" aria-busy="true">
        <Skeleton h={31} w={420} animate={false} />
        <Skeleton h={20} w={640} animate={false} />
        <Skeleton h={41} animate={false} />
        <Skeleton h={320} animate={false} />
      </Stack>
    );
  }
  if (study.data === undefined) {
    return <ErrorState error={study.error} onRetry={() => void study.refetch()} />;
  }
  return (
    <>
      <title>{`${study.data.title} · Reading Room`}</title>
      <StudyHeader study={study.data} />
      <nav className="rr-tabs" aria-label="Study desk">
        {deskTabs(study.data).map((tab) => (
          <NavLink key={tab.path} to={tab.path} className="rr-tab">
            {tab.label}
          </NavLink>
        ))}
      </nav>
      <Outlet context={study.data} />
    </>
  );
}
