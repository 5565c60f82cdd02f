export default function DeskLayout() {
  return null;
}
