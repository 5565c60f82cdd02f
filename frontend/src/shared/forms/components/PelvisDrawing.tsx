import styles from "./forms.module.css";

/** A schematic pelvis, drawn for orientation only: a place `at` (x, y) lies x % to the right, y % down. */
export function PelvisDrawing({ view }: { view: "axial" | "coronal" }) {
  return (
    <svg viewBox="0 0 100 72" role="img" aria-label={`Schematic ${view} view of the pelvis`}>
      {view === "axial" ? <Axial /> : <Coronal />}
      <text className={styles.side} x="4.5" y="38">
        R
      </text>
      <text className={styles.side} x="95.5" y="38">
        L
      </text>
    </svg>
  );
}

/** The patient's right half and its mirror image. */
function BothSides({ children }: { children: React.ReactNode }) {
  return (
    <>
      <g>{children}</g>
      <g transform="matrix(-1 0 0 1 100 0)">{children}</g>
    </>
  );
}

/** At the level of the femoral heads, seen from below: front at the top. */
function Axial() {
  return (
    <>
      <path
        className={styles.body}
        d="M50 4 C72 4 91 12 91 35 C91 57 76 68 60 68 C55 68 52 65 50 65 C48 65 45 68 40 68 C24 68 9 57 9 35 C9 12 28 4 50 4 Z"
      />
      <BothSides>
        <circle className={styles.bone} cx="22" cy="34" r="7" />
        <path
          className={styles.bone}
          d="M27.5 25.5 C31.5 28 33 33 32 39 C31 43 28 46 25 47.5 C27.5 43 30 40 30 34.5 C30 31 29 28.5 26 26.5 Z"
        />
        <path className={styles.muscle} d="M34 26 C37.5 30 38 40 35 48 C33.5 46 33 36 32.5 27 Z" />
        <path
          className={styles.muscle}
          d="M17 51 C24 52 34 53 42 57 C40 63 33 65 27 62 C21 60 17 56 17 51 Z"
        />
        <circle className={styles.vessel} cx="29" cy="17.5" r="1.8" />
        <circle className={styles.vessel} cx="32.6" cy="19.5" r="2.1" />
      </BothSides>
      <path className={styles.organ} d="M40 17 C45 13 55 13 60 17 C63 21 62 28 50 28 C38 28 37 21 40 17 Z" />
      <text className={styles.organName} x="50" y="22.5">
        Bladder
      </text>
      <path className={styles.vessel} d="M41 52 C37 44 40 35.5 50 35.5 C60 35.5 63 44 59 52" />
      <ellipse className={styles.organ} cx="50" cy="45" rx="6" ry="5.4" />
      <text className={styles.organName} x="50" y="46">
        Rectum
      </text>
      <path className={styles.bone} d="M43 57.5 C46 54.5 54 54.5 57 57.5 C55 61 45 61 43 57.5 Z" />
    </>
  );
}

/** Through the middle of the pelvis, seen from the front: head at the top. */
function Coronal() {
  return (
    <>
      <path
        className={styles.body}
        d="M18 3 L82 3 C84 14 92 24 92 40 C92 52 89 62 87 69 L13 69 C11 62 8 52 8 40 C8 24 16 14 18 3 Z"
      />
      <BothSides>
        <path
          className={styles.bone}
          d="M39 12 C32 8 22 9 18.5 15 C19 24 23 31 27 35.5 C31 38 34 36.5 34.5 32 C33.5 25 35 18 39 16 Z"
        />
        <circle className={styles.bone} cx="24" cy="42" r="6.4" />
        <path
          className={styles.bone}
          d="M19 46 C14 47 12.5 52 14 58 L15 69 L22 69 C22.5 60 24 52 24.5 48.5 Z"
        />
        <path
          className={styles.bone}
          d="M31 38 C36 44 42 47 48.5 48.5 L48.5 53 C42 53.5 37 56 35 60.5 C32 58 31.5 52 31.5 47 C29.5 44 29.5 40 31 38 Z"
        />
        <path className={styles.vessel} d="M49.2 3 C48 9 44 15 40 20 C36 25 33.5 31 31.5 36.5" />
        <path className={styles.vessel} d="M42.5 16.8 C44 22 43 29 40 34.5" />
      </BothSides>
      <path className={styles.bone} d="M41 11 L59 11 C58 19 54.5 26.5 50 29.5 C45.5 26.5 42 19 41 11 Z" />
      <ellipse className={styles.organ} cx="50" cy="32.6" rx="4" ry="2.6" />
      <ellipse className={styles.organ} cx="50" cy="41" rx="8" ry="5.5" />
      <text className={styles.organName} x="50" y="42">
        Bladder
      </text>
    </>
  );
}
