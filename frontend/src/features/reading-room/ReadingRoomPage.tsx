import { Button } from "@mantine/core";
import { type Query, useQuery, useQueryClient } from "@tanstack/react-query";
import { type RefObject, useCallback, useEffect, useReducer, useRef, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { ApiError } from "../../shared/api/client";
import { ErrorState } from "../../shared/components/PageStates";
import { PREFERENCES_KEY } from "../../shared/viewer-preferences/use-viewer-preferences";
import { KeysContext } from "../../viewer/keys-context";
import type { OverlayHabits } from "../../viewer/model-overlays";
import { fetchFirst, warmUp } from "../../viewer/next-case";
import { useKeyBindings } from "../../viewer/use-habits";
import { imageSource } from "./api/image-source";
import { postNext } from "./api/post-next";
import { getRead, type OpenRead, type Read } from "./api/read";
import { LockedScreen } from "./components/LockedScreen";
import { OpenReading } from "./components/OpenReading";
import { leaveFirstLook } from "./first-look/page";
import { keyOf, type LocalDraft, LocalDrafts } from "./model/local-draft";
import { type ReadState, readReducer } from "./model/read-state";
import { viewerSeries } from "./model/series";
import type { Submission } from "./model/submit-read";
import { dropUpcoming } from "./model/upcoming";
import { viewOf } from "./model/view";
import { wayAfter } from "./model/way";
import styles from "./reading-room.module.css";
import { SecondNote } from "./second-window/SecondBar";
import { SecondWindowContext, useSecondWindow } from "./second-window/use-second-window";
import { type TabClaims, useTabClaim } from "./use-tab-claim";

/** A read, and what this browser keeps of it. */
interface Loaded<R = Read> {
  read: R;
  kept: LocalDraft | null;
}

/** `/read/:slug/case/:readId` */
export default function ReadingRoomPage() {
  const keys = useKeyBindings();
  const { slug = "", readId = "" } = useParams();
  const [loads, setLoads] = useState(0);
  const [local] = useState(() => new LocalDrafts());
  const [overlayHabits] = useState<OverlayHabits>(() => new Map());
  const arrived = useRef<Loaded<OpenRead> | null>(null);
  const claimed = useTabClaim(readId);
  const second = useSecondWindow();
  const begun = loads + claimed.turn;
  useEffect(() => {
    warmUp();
    return () => {
      leaveFirstLook();
      dropUpcoming();
    };
  }, []);
  return (
    <KeysContext value={keys}>
      <SecondWindowContext value={second}>
        <ReadingRoom
          key={`${readId} ${begun}`}
          slug={slug}
          readId={readId}
          loads={begun}
          local={local}
          overlayHabits={overlayHabits}
          arrived={arrived}
          claimed={claimed}
          onReload={() => setLoads((one) => one + 1)}
        />
      </SecondWindowContext>
    </KeysContext>
  );
}

interface ReadingRoomProps {
  slug: string;
  readId: string;
  /** How often the page was begun anew: what an earlier one was told is not asked of the cache. */
  loads: number;
  local: LocalDrafts;
  /** How the reader likes what a model shows, for as long as the page stands. */
  overlayHabits: OverlayHabits;
  /** The read that was opened with the submission of the one before, until it is shown. */
  arrived: RefObject<Loaded<OpenRead> | null>;
  claimed: TabClaims;
  /** Begin anew with what the server holds. */
  onReload: () => void;
}

function ReadingRoom(props: ReadingRoomProps) {
  const { slug, readId, loads, local, arrived, claimed, onReload } = props;
  // Shown in the place of the case before it at once, with no empty page between them.
  const [brought] = useState(() => (arrived.current?.read.id === readId ? arrived.current : null));
  const [state, dispatch] = useReducer(readReducer, brought, begun);
  const [isEnd, setEnd] = useState(false);
  const next = useNext(slug);
  const queries = useQueryClient();
  const asked = useQuery<Loaded>({
    queryKey: ["reading-room", "read", readId, loads],
    queryFn: async () => {
      const read = await getRead(readId);
      if (read.status !== "submitted") {
        fetchFirstOf(read);
        return { read, kept: await local.find(keyOf(read)) };
      }
      await local.forgetLocked(readId);
      return { read, kept: null };
    },
    // Loaded once it is known which tab writes: what was entered in another one lies here by then.
    enabled: brought === null && claimed.claim !== "asking",
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const loaded = brought ?? asked.data;

  useEffect(() => {
    arrived.current = null;
  }, [arrived]);

  useEffect(() => {
    if (asked.data) dispatch({ kind: "loaded", read: asked.data.read });
    else if (asked.error) dispatch({ kind: "load_failed", error: asked.error });
  }, [asked.data, asked.error]);

  const hasNoImage = state.kind === "lost" || state.kind === "locked";
  useEffect(() => {
    if (hasNoImage) leaveFirstLook();
  }, [hasNoImage]);

  const goOn = async (read: OpenRead) => {
    const [kept] = await Promise.all([local.find(keyOf(read)), claimed.claimAhead(read.id)]);
    arrived.current = { read, kept };
    next.show(read.id);
  };

  const onSubmitted = (submission: Exclude<Submission, { kind: "failed" }>) => {
    // Nothing is asked for now: it would come between the reader and the next case.
    void queries.invalidateQueries({ predicate: isChangedBySubmission, refetchType: "none" });
    const way = wayAfter(submission, loaded?.read);
    if (submission.kind === "submitted" && submission.opened) void goOn(submission.opened);
    else if (way === "next") void next.open();
    else if (way === "worklist") next.toWorklist();
    else setEnd(way === "feedback_and_end");
  };

  switch (state.kind) {
    case "loading":
      return (
        <div className={styles.center} role="status" data-read-state="loading">
          <p>Opening the case…</p>
          <SecondNote text="Opening the case…" />
        </div>
      );
    case "lost":
      return (
        <main className={styles.center} data-read-state="lost">
          <ErrorState error={state.error} onRetry={() => void asked.refetch()} />
          <Button component={Link} to="/" variant="default">
            My studies
          </Button>
          <SecondNote text="The case could not be opened. The other window says why." />
        </main>
      );
    case "locked":
      return (
        <LockedScreen
          readId={readId}
          alias={state.alias}
          slug={slug}
          hasFeedback={state.hasFeedback}
          isEnd={isEnd}
          isMoving={next.isMoving}
          error={next.error}
          onNext={() => void next.open()}
        />
      );
    case "ready":
    case "saving":
      return (
        <OpenReading
          read={state.read}
          local={local}
          overlayHabits={props.overlayHabits}
          kept={loaded?.kept ?? null}
          isImageFirst={brought === null}
          claimed={claimed}
          problems={state.kind === "ready" ? state.problems : {}}
          refusal={state.kind === "ready" ? state.refusal : null}
          isSubmitting={state.kind === "saving"}
          dispatch={dispatch}
          onReload={onReload}
          onSubmitted={onSubmitted}
        />
      );
  }
}

const isChangedBySubmission = ({ queryKey }: Query): boolean =>
  queryKey[0] !== "reading-room" && queryKey[0] !== PREFERENCES_KEY[0];

/** The image that the reader left, or that the case begins with. */
function fetchFirstOf({ id, draft, series, primary_series }: OpenRead): void {
  const view = viewOf(draft.view, series);
  const index = view?.series ?? primary_series;
  const first = series.find((one) => one.index === index);
  if (first) fetchFirst(imageSource(id), viewerSeries(series), index, view?.slice ?? first.initial_slice);
}

function begun(brought: Loaded<OpenRead> | null): ReadState {
  const loading: ReadState = { kind: "loading" };
  return brought === null ? loading : readReducer(loading, { kind: "loaded", read: brought.read });
}

/** On to the next case, or to the worklist when the server has none now (complete, washout). */
function useNext(slug: string) {
  const navigate = useNavigate();
  const [isMoving, setMoving] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const toWorklist = useCallback(() => void navigate(`/read/${slug}`), [navigate, slug]);
  const show = async (id: string) => navigate(`/read/${slug}/case/${id}`, { replace: true });
  const open = async () => {
    setMoving(true);
    setError(null);
    try {
      await show(await postNext(slug));
    } catch (refusal) {
      if (refusal instanceof ApiError && refusal.status === 409) toWorklist();
      else setError(refusal instanceof ApiError ? refusal.text : "The next case could not be opened.");
    } finally {
      setMoving(false);
    }
  };
  return { open, show: (id: string) => void show(id), toWorklist, isMoving, error };
}
