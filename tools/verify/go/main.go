// Verifies a transparency log with Go's and torchwood's verifiers, none of which are the registry's own: the signed checkpoint, the
// inclusion of every entry by the tiles, consistency with an older checkpoint, and the proofs of a receipt.
//
//	go run . < input.json
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type input struct {
	// Where the checkpoint and the tiles are, such as http://localhost:3000/log.
	LogURL string `json:"log_url"`
	Vkey   string `json:"vkey"`
	// A checkpoint of the log from before.
	Older string `json:"older"`
	// What GET /jobs/:id/receipt answers.
	Receipt struct {
		Items []struct {
			Leaf  string `json:"leaf"`
			Proof string `json:"proof"`
		} `json:"items"`
	} `json:"receipt"`
}

type output struct {
	Older    int64 `json:"older"`
	Size     int64 `json:"size"`
	Included int64 `json:"included"`
	Proofs   int   `json:"proofs"`
}

// tileCache keeps the tiles that were authenticated, so that each is fetched once for the proofs of all of its entries.
type tileCache struct {
	torchwood.TileReader
	tiles map[tlog.Tile][]byte
}

func (cache *tileCache) ReadTiles(ctx context.Context, tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	var missing []tlog.Tile
	var places []int
	for at, tile := range tiles {
		if data[at] = cache.tiles[tile]; data[at] == nil {
			missing, places = append(missing, tile), append(places, at)
		}
	}
	if len(missing) == 0 {
		return data, nil
	}
	fetched, err := cache.TileReader.ReadTiles(ctx, missing)
	if err != nil {
		return nil, err
	}
	for at, bytes := range fetched {
		data[places[at]] = bytes
	}
	return data, nil
}

func (cache *tileCache) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	for at, tile := range tiles {
		cache.tiles[tile] = data[at]
	}
}

// openTree opens a checkpoint with x/mod alone.
func openTree(signed []byte, key note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(signed, note.VerifierList(key))
	if err != nil {
		return tlog.Tree{}, err
	}
	checkpoint, err := torchwood.ParseCheckpoint(opened.Text)
	if err == nil && checkpoint.Origin != key.Name() {
		err = fmt.Errorf("the checkpoint is of %q", checkpoint.Origin)
	}
	return checkpoint.Tree, err
}

// countIncluded proves every entry of the tree, from what the entry bundles and the tiles say.
func countIncluded(ctx context.Context, tree tlog.Tree, tiles *tileCache) (int64, error) {
	client, err := torchwood.NewClient(tiles)
	if err != nil {
		return 0, err
	}
	hashes := torchwood.TileHashReaderWithContext(ctx, tree, tiles)
	included := int64(0)
	for index, entry := range client.AllEntries(ctx, tree, 0) {
		proof, err := tlog.ProveRecord(tree.N, index, hashes)
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
			return 0, fmt.Errorf("entry %d: %w", index, err)
		}
		included++
	}
	return included, client.Err()
}

// checkReceipt has torchwood verify the proof of every leaf, and refuse it for another leaf.
func checkReceipt(in input, key note.Verifier) error {
	policy := torchwood.ThresholdPolicy(2, torchwood.OriginPolicy(key.Name()), torchwood.SingleVerifierPolicy(key))
	for at, item := range in.Receipt.Items {
		proof := []byte(item.Proof)
		if err := torchwood.VerifyProof(policy, tlog.RecordHash([]byte(item.Leaf)), proof); err != nil {
			return fmt.Errorf("item %d: %w", at+1, err)
		}
		if torchwood.VerifyProof(policy, tlog.RecordHash([]byte(item.Leaf+" ")), proof) == nil {
			return fmt.Errorf("item %d: its proof verifies another leaf", at+1)
		}
	}
	return nil
}

func verify(ctx context.Context, in input) (output, error) {
	var out output
	key, err := note.NewVerifier(in.Vkey)
	if err != nil {
		return out, err
	}
	fetcher, err := torchwood.NewTileFetcher(in.LogURL)
	if err != nil {
		return out, err
	}
	signed, err := fetcher.ReadEndpoint(ctx, "checkpoint")
	if err != nil {
		return out, err
	}
	tree, err := openTree(signed, key)
	if err != nil {
		return out, fmt.Errorf("the checkpoint: %w", err)
	}
	older, err := openTree([]byte(in.Older), key)
	if err != nil {
		return out, fmt.Errorf("the older checkpoint: %w", err)
	}
	tiles := &tileCache{TileReader: fetcher, tiles: map[tlog.Tile][]byte{}}
	proof, err := tlog.ProveTree(tree.N, older.N, torchwood.TileHashReaderWithContext(ctx, tree, tiles))
	if err != nil {
		return out, err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash); err != nil {
		return out, fmt.Errorf("the checkpoints are not consistent: %w", err)
	}
	included, err := countIncluded(ctx, tree, tiles)
	if err == nil && included != tree.N {
		err = errors.New("the log has fewer entries than its checkpoint says")
	}
	if err == nil {
		err = checkReceipt(in, key)
	}
	return output{Older: older.N, Size: tree.N, Included: included, Proofs: len(in.Receipt.Items)}, err
}

func run() error {
	var in input
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		return err
	}
	out, err := verify(context.Background(), in)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
