// A white card with rounded corners, and a title where it has one.
Component({
  properties: {
    title: { type: String, value: '' },
  },
});
