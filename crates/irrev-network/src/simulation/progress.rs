//! How far an ensemble has come: merged sums, and the state of the blocks under way, as a checkpoint keeps them.

use std::collections::BTreeMap;

use irrev_numerics::run::CheckpointStore;

use super::ensemble::{PassageSummary, ReactionSummary, Slot};
use super::moments::Moments;
use super::options::Keep;
use super::records::{End, PassageRecord, ReactionJumps, Trajectory};
use super::trajectory::{Plan, Walk};
use super::words::{Reader, Writer};
use crate::error::{Error, Result};

/// Name of the checkpoint in its store.
const NAME: &str = "simulation";

/// Sums over trajectories.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    pub(super) moments: Vec<Moments>,
    pub(super) reactions: Vec<ReactionSummary>,
    pub(super) passages: Vec<PassageSummary>,
    pub(super) trajectories: u64,
    pub(super) ends: (u64, u64, u64),
    pub(super) kept: Vec<Trajectory>,
}

impl Sums {
    pub(super) fn new(plan: &Plan<'_>) -> Self {
        let books = &plan.options.books;
        let reactions = plan.system.reactions().iter().map(|r| ReactionSummary {
            name: r.name.clone(),
            ..Default::default()
        });
        let passages = books.passages.iter().map(|p| PassageSummary {
            name: p.name.clone(),
            ..Default::default()
        });
        Self {
            moments: vec![Moments::default(); plan.options.times.len() * plan.quantities.len()],
            reactions: if books.jumps || books.entropy {
                reactions.collect()
            } else {
                Vec::new()
            },
            passages: passages.collect(),
            trajectories: 0,
            ends: (0, 0, 0),
            kept: Vec::new(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.moments.fill(Moments::default());
        for r in &mut self.reactions {
            (r.forward, r.backward, r.one_way) = (Moments::default(), Moments::default(), 0);
        }
        for p in &mut self.passages {
            (p.time, p.entropy) = (Moments::default(), Moments::default());
        }
        (self.trajectories, self.ends) = (0, (0, 0, 0));
        self.kept.clear();
    }

    /// Takes a trajectory that has ended.
    pub(super) fn add(&mut self, plan: &Plan<'_>, walk: &Walk, end: End) {
        for (moments, &x) in self.moments.iter_mut().zip(&walk.rows) {
            if !x.is_nan() {
                moments.push(x);
            }
        }
        if !self.reactions.is_empty() {
            for (sum, jumps) in self.reactions.iter_mut().zip(walk.reaction_jumps(plan)) {
                sum.forward.push(jumps.forward as f64);
                sum.backward.push(jumps.backward as f64);
                sum.one_way += jumps.one_way;
            }
        }
        for (sum, reached) in self.passages.iter_mut().zip(walk.account.reached()) {
            if let Some(reached) = reached {
                sum.time.push(reached.time);
                sum.entropy.push(reached.entropy);
            }
        }
        match end {
            End::Time => self.ends.0 += 1,
            End::Jumps => self.ends.1 += 1,
            End::Passage => self.ends.2 += 1,
        }
        self.trajectories += 1;
        if plan.options.keep == Keep::Trajectories {
            self.kept.push(walk.finished(plan, end));
        }
    }

    /// Takes the sums of the block that follows.
    pub(super) fn merge(&mut self, other: Self) {
        for (a, b) in self.moments.iter_mut().zip(&other.moments) {
            a.merge(b);
        }
        for (a, b) in self.reactions.iter_mut().zip(&other.reactions) {
            a.forward.merge(&b.forward);
            a.backward.merge(&b.backward);
            a.one_way += b.one_way;
        }
        for (a, b) in self.passages.iter_mut().zip(&other.passages) {
            a.time.merge(&b.time);
            a.entropy.merge(&b.entropy);
        }
        self.trajectories += other.trajectories;
        self.ends.0 += other.ends.0;
        self.ends.1 += other.ends.1;
        self.ends.2 += other.ends.2;
        self.kept.extend(other.kept);
    }

    fn write(&self, out: &mut Writer) {
        self.moments.iter().for_each(|m| m.write(out));
        for r in &self.reactions {
            r.forward.write(out);
            r.backward.write(out);
            out.word(r.one_way);
        }
        for p in &self.passages {
            p.time.write(out);
            p.entropy.write(out);
        }
        for n in [self.trajectories, self.ends.0, self.ends.1, self.ends.2] {
            out.word(n);
        }
        out.word(self.kept.len() as u64);
        self.kept.iter().for_each(|t| write_trajectory(t, out));
    }

    fn read(&mut self, input: &mut Reader<'_>) -> Option<()> {
        for m in &mut self.moments {
            *m = Moments::read(input)?;
        }
        for r in &mut self.reactions {
            (r.forward, r.backward) = (Moments::read(input)?, Moments::read(input)?);
            r.one_way = input.word()?;
        }
        for p in &mut self.passages {
            (p.time, p.entropy) = (Moments::read(input)?, Moments::read(input)?);
        }
        self.trajectories = input.word()?;
        self.ends = (input.word()?, input.word()?, input.word()?);
        let kept = input.length()?;
        self.kept = (0..kept).map(|_| read_trajectory(input)).collect::<Option<_>>()?;
        Some(())
    }
}

fn write_trajectory(t: &Trajectory, out: &mut Writer) {
    out.word(t.index);
    out.numbers(&t.values);
    out.number(t.end_time);
    out.word(match t.end {
        End::Time => 0,
        End::Jumps => 1,
        End::Passage => 2,
    });
    out.word(t.jumps.len() as u64);
    for j in &t.jumps {
        for n in [j.forward, j.backward, j.one_way] {
            out.word(n);
        }
    }
    out.word(t.passages.len() as u64);
    for p in &t.passages {
        let (time, entropy) = p.map_or((f64::NAN, f64::NAN), |p| (p.time, p.entropy));
        out.number(time);
        out.number(entropy);
    }
    out.word(t.histograms.len() as u64);
    t.histograms.iter().for_each(|h| out.numbers(h));
}

fn read_trajectory(input: &mut Reader<'_>) -> Option<Trajectory> {
    let (index, values, end_time) = (input.word()?, input.numbers()?, input.number()?);
    let end = match input.word()? {
        0 => End::Time,
        1 => End::Jumps,
        _ => End::Passage,
    };
    let mut jumps = Vec::new();
    for _ in 0..input.length()? {
        jumps.push(ReactionJumps {
            forward: input.word()?,
            backward: input.word()?,
            one_way: input.word()?,
        });
    }
    let mut passages = Vec::new();
    for _ in 0..input.length()? {
        let (time, entropy) = (input.number()?, input.number()?);
        passages.push((!time.is_nan()).then_some(PassageRecord { time, entropy }));
    }
    let mut histograms = Vec::new();
    for _ in 0..input.length()? {
        histograms.push(input.numbers()?);
    }
    Some(Trajectory {
        index,
        values,
        end_time,
        end,
        jumps,
        passages,
        histograms,
    })
}

/// How far an ensemble has come.
pub(super) struct Progress {
    /// Sums of the merged blocks.
    pub(super) sums: Sums,
    /// Blocks merged, which is also the next to merge.
    pub(super) merged: u64,
    /// Blocks begun.
    pub(super) begun: u64,
    /// Whether the wanted error is met.
    pub(super) stopped: bool,
}

/// Progress, blocks under way, finished blocks that wait.
pub(super) type Saved = (Progress, Vec<Slot>, BTreeMap<u64, Sums>);

/// Words that tell one question from another: model, start, options, seed, method.
pub(super) fn fingerprint(plan: &Plan<'_>, algorithm: &str) -> String {
    let initial: Vec<u64> = plan.initial.iter().map(|n| n.to_bits()).collect();
    let mut options = plan.options.clone();
    // how often a run is saved does not change what it computes
    options.checkpoint_interval = 0.0;
    format!(
        "{algorithm} {} seed {} {initial:?}\n{options:?}\n{}",
        irrev_numerics::streams::ALGORITHM,
        plan.seed,
        plan.system.fingerprint()
    )
}

fn refused(reason: &str) -> Error {
    Error::Numerics(irrev_numerics::Error::Checkpoint {
        path: NAME.into(),
        reason: reason.into(),
    })
}

impl Progress {
    pub(super) fn new(plan: &Plan<'_>) -> Self {
        Self {
            sums: Sums::new(plan),
            merged: 0,
            begun: 0,
            stopped: false,
        }
    }

    pub(super) fn save(
        &self,
        store: &CheckpointStore,
        fingerprint: &str,
        slots: &[Slot],
        waiting: &BTreeMap<u64, Sums>,
    ) -> Result<()> {
        let mut out = Writer::default();
        out.text(fingerprint);
        self.sums.write(&mut out);
        for n in [self.merged, u64::from(self.stopped)] {
            out.word(n);
        }
        let under_way: Vec<&Slot> = slots.iter().filter(|s| !s.done()).collect();
        out.word(under_way.len() as u64);
        for slot in under_way {
            out.word(slot.block);
            out.word(slot.next);
            slot.sums.write(&mut out);
            slot.walk.write(&mut out);
        }
        out.word(waiting.len() as u64);
        for (&block, sums) in waiting {
            out.word(block);
            sums.write(&mut out);
        }
        Ok(store.save(NAME, &out.finish())?)
    }

    /// What a store holds for this question.
    ///
    /// # Errors
    /// A damaged file, or one of another question.
    pub(super) fn load(store: &CheckpointStore, fingerprint: &str, plan: &Plan<'_>) -> Result<Option<Saved>> {
        let Some(bytes) = store.load(NAME)? else {
            return Ok(None);
        };
        let mut input = Reader(&bytes);
        if input.text().as_deref() != Some(fingerprint) {
            return Err(refused(
                "it belongs to another model, seed, method or options; remove it or use another folder",
            ));
        }
        let state = Self::read(&mut input, plan)?;
        state
            .map(Some)
            .ok_or_else(|| refused("its contents do not fit; remove it"))
    }

    fn read(input: &mut Reader<'_>, plan: &Plan<'_>) -> Result<Option<Saved>> {
        let mut progress = Self::new(plan);
        let Some(under_way) = progress.read_merged(input) else {
            return Ok(None);
        };
        let mut slots = Vec::new();
        for _ in 0..under_way {
            let mut slot = Slot::idle(plan)?;
            if slot.read(input, plan).is_none() {
                return Ok(None);
            }
            slots.push(slot);
        }
        let mut waiting = BTreeMap::new();
        let Some(finished) = input.length() else {
            return Ok(None);
        };
        for _ in 0..finished {
            let mut sums = Sums::new(plan);
            let Some(block) = input.word() else {
                return Ok(None);
            };
            if sums.read(input).is_none() {
                return Ok(None);
            }
            waiting.insert(block, sums);
        }
        progress.begun = progress.merged + (slots.len() + waiting.len()) as u64;
        Ok(Some((progress, slots, waiting)))
    }

    /// The merged part; returns the number of blocks under way.
    fn read_merged(&mut self, input: &mut Reader<'_>) -> Option<usize> {
        self.sums.read(input)?;
        self.merged = input.word()?;
        self.stopped = input.word()? == 1;
        input.length()
    }
}

impl Slot {
    /// A slot that waits for a block.
    pub(super) fn idle(plan: &Plan<'_>) -> Result<Self> {
        Ok(Self {
            block: 0,
            next: 0,
            last: 0,
            walk: Walk::new(plan)?,
            sums: Sums::new(plan),
            idle: true,
        })
    }

    fn read(&mut self, input: &mut Reader<'_>, plan: &Plan<'_>) -> Option<()> {
        self.block = input.word()?;
        self.next = input.word()?;
        self.last = self.end_of_block(plan);
        self.sums.read(input)?;
        self.walk.read(plan, input)?;
        self.idle = false;
        Some(())
    }
}
