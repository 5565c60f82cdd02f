import { Button } from "@mantine/core";
import { IconFileOff } from "@tabler/icons-react";
import { Link } from "react-router";
import { PageMessage } from "../../shared/components/PageStates";

export default function NotFoundPage() {
  return (
    <PageMessage
      icon={IconFileOff}
      color="--rr-text-dim"
      title="Not found"
      isPage
      action={
        <Button component={Link} to="/" variant="default">
          My studies
        </Button>
      }
    >
      There is nothing at this address.
    </PageMessage>
  );
}
