package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"warmdesk/desk"
	"warmdesk/settings"
	"warmdesk/staff"
)

// settingsKept is how many versions are kept: Undo wants one, the others are for
// whoever asks what was set when.
const settingsKept = 20

const (
	selectSettings       = `SELECT version, at, who, document FROM settings WHERE version = ?`
	selectNewestSettings = `SELECT version, at, who, document FROM settings ORDER BY version DESC LIMIT 1`
	selectVersion        = `SELECT coalesce(max(version), 0) FROM settings`
	insertSettings       = `INSERT INTO settings (version, at, who, document) VALUES (?, ?, ?, ?)`
	deleteOldSettings    = `DELETE FROM settings WHERE version <= ?`

	selectSound = `SELECT wav FROM sounds WHERE id = ?`
	insertSound = `INSERT OR IGNORE INTO sounds (id, wav) VALUES (?, ?)`
	// deleteOldSounds forgets what no version names.
	deleteOldSounds = `DELETE FROM sounds WHERE NOT EXISTS (SELECT 1 FROM settings WHERE instr(document, sounds.id) > 0)`
)

var _ settings.Store = (*Store)(nil)

// Settings loads a version of the settings, as settings.Store says.
func (s *Store) Settings(ctx context.Context, version int64) (settings.Saved, error) {
	var saved settings.Saved
	query, args := selectNewestSettings, []any(nil)
	if version > 0 {
		query, args = selectSettings, []any{version}
	}
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, query, args, func(rows *sql.Rows) error {
			var document string
			err := rows.Scan(&saved.Version, timeColumn{&saved.At}, &saved.Who, &document)
			saved.Document = []byte(document)
			return err
		})
	})
	if err == nil && saved.Version != version && version > 0 {
		err = settings.ErrNotFound
	}
	if err != nil {
		return settings.Saved{}, fmt.Errorf("load the settings: %w", err)
	}
	return saved, nil
}

// SettingsVersion is the newest version of the settings.
func (s *Store) SettingsVersion(ctx context.Context) (version int64, err error) {
	err = s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, selectVersion, nil, func(rows *sql.Rows) error { return rows.Scan(&version) })
	})
	if err != nil {
		return 0, fmt.Errorf("load the version of the settings: %w", err)
	}
	return version, nil
}

// SaveSettings writes a version in one transaction, as settings.Store says.
func (s *Store) SaveSettings(ctx context.Context, v settings.Saved, with *settings.Sound, d staff.Deed) error {
	err := s.write(ctx, func(ctx context.Context, l *lane) error {
		if _, err := l.exec(ctx, insertSettings, v.Version, nanos(v.At), string(v.Who), string(v.Document)); err != nil {
			return err
		}
		if with != nil {
			if _, err := l.exec(ctx, insertSound, with.ID, with.WAV); err != nil {
				return err
			}
		}
		if _, err := l.exec(ctx, deleteOldSettings, v.Version-settingsKept); err != nil {
			return err
		}
		if _, err := l.exec(ctx, deleteOldSounds); err != nil {
			return err
		}
		return writeDeed(ctx, l, d)
	})
	if errors.Is(err, desk.ErrConflict) {
		err = settings.ErrChanged
	}
	if err != nil {
		return fmt.Errorf("save version %d of the settings: %w", v.Version, err)
	}
	return nil
}

// Sound loads an uploaded piece; settings.ErrNotFound.
func (s *Store) Sound(ctx context.Context, id string) (settings.Sound, error) {
	sound := settings.Sound{ID: id}
	err := s.read(ctx, func(ctx context.Context, l *lane) error {
		return l.each(ctx, selectSound, []any{id}, func(rows *sql.Rows) error { return rows.Scan(&sound.WAV) })
	})
	if err == nil && sound.WAV == nil {
		err = settings.ErrNotFound
	}
	if err != nil {
		return settings.Sound{}, fmt.Errorf("load a sound: %w", err)
	}
	return sound, nil
}
