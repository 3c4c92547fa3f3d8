/** What `--state` means, for every help. */
export const stateHelp =
  "folder of the safe plans (default: $WEAROUT_STATE, else the service's or user's state folder)";
