// A knitted scarf folded on a wooden bench. View 1: portrait; 2: landscape, close to the stitches.
#version 3.7;
#ifndef (View) #declare View = 1; #end
#declare Seed = 33;
#include "common.inc"
global_settings { assumed_gamma 1.0 max_trace_level 5 }
sky_sphere { pigment { rgb <.62, .62, .60> } }

// window from the left, room from the right
light_source { <-1.6, 1.5, -.55> rgb <1.0, .95, .86> * 1.1 area_light <0, 0, .7>, <0, .7, 0>, 5, 5 adaptive 1 jitter }
light_source { <1.4, 1.2, -1.6> rgb <.80, .84, 1> * .34 area_light <.8, 0, 0>, <0, .8, 0>, 3, 3 adaptive 0 jitter }

// The scarf's way (z to the back, y up), arc by arc: S folds, then over the edge of the bench.
#declare Way = array[400]; #declare NW = 0;
#macro Go(Z, Y) #declare Way[NW] = <0, Y, Z>; #declare NW = NW + 1; #end
#macro Turn(Zc, Yc, Rr, A0, A1) #for (K, 0, 8) #local A = radians(A0 + (A1 - A0) * K / 8); Go(Zc + Rr * cos(A), Yc + Rr * sin(A)) #end #end
#declare H = .0130;
Go(-.02, H * .5) Go(.08, H * .5) Turn(.155, H * 1.5, H, -90, 90)
Go(.06, H * 2.5) Go(-.03, H * 2.5 + .001) Turn(-.098, H * 3.5, H, 270, 90)
Go(-.03, H * 4.5) Go(.06, H * 4.5) Turn(.148, H * 5.5, H, -90, 90)
Go(.06, H * 6.5 + .002) Go(-.04, H * 6.5 + .001) Go(-.085, H * 6.4) Turn(-.112, H * 5.0, H * 1.45, 80, 178)
Go(-.1325, .035) Go(-.1345, .005) Go(-.1355, -.05) Go(-.137, -.12) Go(-.139, -.175)
// resample evenly
#declare Len = 0; #declare Acc = array[NW]; #declare Acc[0] = 0;
#for (I, 1, NW - 1) #declare Len = Len + vlength(Way[I] - Way[I - 1]); #declare Acc[I] = Len; #end
#declare WayS = spline { cubic_spline #for (I, 0, NW - 1) #if (I = 0 | Acc[I] - Acc[max(I - 1, 0)] > .0004) Acc[I], Way[I], #end #end };
#declare Wd = .175; #declare Wales = 25; #declare SW = Wd / Wales; #declare Row = SW * .80; #declare Rows = int(Len / Row) - 1;
#macro At(S, W, N) // point S along, W across, N above the cloth
  #local P = WayS(S); #local Q = WayS(min(S + .002, Len)) - WayS(max(S - .002, 0)); #local Tn = vnormalize(Q + <0, 0, 1e-7>); #local Nn = vcross(Tn, x);
  (P + Nn * (N + .0016 * sin(W * 38 + S * 11) * sin(S * 17)) + x * (W + .0035 * sin(S * 9) + .0015 * sin(S * 31)))
#end
#declare Yr = SW * .185;
// one yarn, two plies twisted; colour by row
#macro YarnFinish() normal { granite .55 scale .0035 } finish { diffuse .82 specular .03 roughness .2 } #end
#declare Base = <.40, .105, .050>; #declare Cream = <.72, .63, .47>; #declare Petrol = <.045, .14, .17>;
#macro RowColour(I)
  #local F = Rows - I;
  (F < 4 ? Base : (F < 12 ? Cream : (F < 15 ? Base : (F < 20 ? Petrol : (F < 23 ? Base : (F < 27 ? Cream : Base))))))
#end
#declare Steps = 12;
#for (I, 0, Rows)
  union {
    #local Prev0 = <0, 0, 0>; #local Prev1 = <0, 0, 0>;
    #for (J, 0, Wales * Steps)
      #local T = J / Steps; #local Ph = T * 2 * pi;
      // stockinette loop: across, along, above
      #local Wx = (T + .20 * sin(2 * Ph) - Wales / 2) * SW; #local Sx = (I + .5 - .83 * cos(Ph)) * Row; #local Nx = .30 * SW * cos(2 * Ph);
      #local C = At(max(0, min(Len, Sx)), Wx, Nx);
      #local Tw = Ph * 1.5 + I * 1.3; #local Of = <cos(Tw), sin(Tw), .5 * sin(Tw + 1)> * Yr * .62;
      #local P0 = C + Of; #local P1 = C - Of;
      #if (J > 0)
        cylinder { Prev0, P0, Yr * .74 } sphere { P0, Yr * .74 } cylinder { Prev1, P1, Yr * .74 } sphere { P1, Yr * .74 }
      #end
      #local Prev0 = P0; #local Prev1 = P1;
    #end
    pigment { bozo color_map { [0 rgb RowColour(I) * R(.86, 1)] [1 rgb RowColour(I) * R(1, 1.15)] } scale .012 } YarnFinish()
  }
#end
// wool's halo: loose fibres
#for (I, 1, 9000)
  #local S = R(Len * .45, Len); #local P = At(S, R(-.5, .5) * Wd, R(.001, .003)); #local D = <R(-1, 1), R(-.3, 1), R(-1, .2)> * .004;
  cylinder { P, P + D, .00006 pigment { rgb RowColour(int(S / Row)) * 1.5 } }
#end
// fringe
#for (I, 0, Wales - 1, 2)
  #local W = (I + .5 - Wales / 2) * SW + SW * .5; #local P = At(Len - .003, W, 0);
  sphere { P - y * .003, SW * .52 pigment { rgb Base } YarnFinish() }
  #for (K, 0, 5)
    #local Dx = R(-.006, .006); #local Dz = R(-.004, .003);
    sphere_sweep { cubic_spline 6, P + <0, .006, 0>, .0017, P + <Dx * .2, -.004, Dz * .5>, .0017, P + <Dx * .7, -.022, Dz>, .0016, P + <Dx + R(-.003, .003), -.042, Dz - .001>, .0016, P + <Dx * 1.1 + R(-.003, .003), -.062 - R(0, .006), Dz>, .0014, P + <Dx, -.09, Dz>, .0012
      pigment { rgb Base * R(.85, 1.15) } YarnFinish() }
  #end
#end

// bench, legs, wall, floor
#declare Oak = <.47, .33, .20>; #declare OakD = <.30, .19, .105>;
#for (I, 0, 2) object { Plank(1.5, .105, .028, Oak, OakD, .6) translate <R(-.1, .1), 0, I * .1075 - .068> } #end
object { Plank(1.5, .07, .02, Oak * .9, OakD * .9, .5) rotate x * 90 translate <0, -.065, -.095> }
box { <-3, -3, .75>, <3, 3, .77> pigment { bozo color_map { [0 rgb <.52, .50, .46>] [1 rgb <.60, .58, .54>] } scale .25 } normal { average normal_map { [1 bumps .15 scale .03] [1 granite .07 scale .2] } } finish { diffuse .8 } }
plane { y, -.46 pigment { granite scale .3 color_map { [0 rgb <.20, .18, .16>] [1 rgb <.28, .26, .23>] } } finish { diffuse .7 } }
// a jar with dried stems, beside
union {
  lathe { cubic_spline 9, <0, -.01>, <.0001, .0>, <.040, .0>, <.049, .02>, <.052, .06>, <.040, .098>, <.030, .112>, <.034, .124>, <.036, .13> pigment { rgb <.62, .60, .55> } normal { bumps .05 scale .01 } finish { diffuse .7 specular .5 roughness .008 reflection { .02, .2 fresnel on } } interior { ior 1.5 } }
  #for (I, 1, 16)
    #local A = R(0, 2 * pi); #local L = R(.16, .30); #local E = <cos(A) * R(.03, .11), .10 + L, sin(A) * R(.02, .07)>;
    sphere_sweep { cubic_spline 4, <0, -.1, 0>, .0011, <cos(A) * .012, .10, sin(A) * .012>, .0011, E, .0009, E * 1.4, .0006 pigment { rgb <.42, .33, .16> } }
    #for (K, 1, 26) #local Q = E + <R(-.008, .008), R(-.045, .012), R(-.008, .008)>; sphere { 0, 1 scale <.0028, .0062, .0028> rotate <R(-40, 40), 0, R(-40, 40)> translate Q pigment { rgb <.62, .50, .28> * R(.7, 1.15) } } #end
  #end
  translate <.215, 0, .10>
}
#switch (View)
  #case (1) camera { location <-.24, .34, -.66> right x * 3/4 up y look_at <.018, .000, .0> angle 34 } #break
  #case (2) camera { location <.14, .22, -.36> right x * 4/3 up y look_at <.0, .030, -.05> angle 36 } #break
#end
