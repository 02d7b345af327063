// A short word in a coloured frame: kind green, amber, red or plain.
Component({
  properties: {
    text: { type: String, value: '' },
    kind: { type: String, value: 'plain' },
  },
});
